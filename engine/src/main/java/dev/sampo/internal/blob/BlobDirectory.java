package dev.sampo.internal.blob;

import dev.sampo.internal.model.DataAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides who gets which blob of a job from whom. Who has a blob gives it to others, a few at once, so that the number of
 * copies grows by a factor each round and nobody gives more than about log n of them away: the scheme of a flash crowd in
 * BitTorrent (Yang and de Veciana, "Service Capacity of Peer to Peer Networks", 2004), for whole files. Pure: no clock,
 * no I/O; used by one thread.
 */
public final class BlobDirectory {
    /** After so many repeated wishes in a row without a turn, the oldest turn is taken to be over: its end got lost. */
    private static final int PATIENCE = 15;

    /** Turns that a holder is passed over for after its first failure in a row. */
    private static final long FIRST_PENALTY = 8;

    /** How many times as many after each further one. */
    private static final long PENALTY_GROWTH = 4;

    private static final long MOST_PENALTY = 1L << 30;

    private final int copiesAtOnce;
    private final DataAddress source;
    private final Map<DataAddress, Penalty> penalties = new HashMap<>();
    private long turnsGiven;
    private final Map<String, Spread> spreads = new HashMap<>();

    /**
     * Creates a directory of blobs that one node has.
     *
     * @param source the node that has all of them
     * @param copiesAtOnce how many copies of a blob a node gives away at once, at least 1
     */
    public BlobDirectory(DataAddress source, int copiesAtOnce) {
        this.source = source;
        this.copiesAtOnce = copiesAtOnce;
    }

    /**
     * Somebody's turn.
     *
     * @param digest to get this blob
     * @param to who
     * @param from from whom
     */
    public record Turn(String digest, DataAddress to, DataAddress from) {}

    /**
     * What a holder is worth that has failed to give: it may be paused, or cut off, and cost each node that turns to it the
     * whole time limit of a fetch.
     *
     * @param failures in a row
     * @param turns how many turns of all blobs it is passed over for
     * @param untilTurn how many turns of all blobs must have been given before it is as good as the others again
     */
    private record Penalty(int failures, long turns, long untilTurn) {}

    /** How one blob spreads. */
    private static final class Spread {
        final Map<DataAddress, Holder> holders = new LinkedHashMap<>();
        final Map<DataAddress, Integer> waiting = new LinkedHashMap<>();
        final Map<DataAddress, DataAddress> turns = new LinkedHashMap<>();
        final Map<DataAddress, Set<DataAddress>> missed = new HashMap<>();
    }

    private static final class Holder {
        int giving;
        int given;
    }

    /** A node wants a blob; it may say so again. Returns whose turn it is now. */
    public List<Turn> wanted(String digest, DataAddress node) {
        Spread spread = spread(digest);
        DataAddress from = spread.turns.get(node);
        if (from != null) {
            return List.of(new Turn(digest, node, from)); // the word got lost on the way
        }
        int asked = spread.waiting.merge(node, 1, Integer::sum);
        if (asked % PATIENCE == 0 && !spread.turns.isEmpty()) {
            endTurn(spread, spread.turns.keySet().iterator().next());
        }
        return next(digest, spread);
    }

    /** A node has a blob. Returns whose turn it is now. */
    public List<Turn> held(String digest, DataAddress node) {
        Spread spread = spread(digest);
        DataAddress from = spread.turns.get(node);
        if (from != null) {
            penalties.remove(from);
        }
        endTurn(spread, node);
        spread.waiting.remove(node);
        spread.missed.remove(node);
        spread.holders.computeIfAbsent(node, added -> new Holder());
        return next(digest, spread);
    }

    /** A node did not get a blob from a holder. It waits again. Returns whose turn it is now. */
    public List<Turn> missed(String digest, DataAddress node, DataAddress holder) {
        Spread spread = spread(digest);
        if (!holder.equals(spread.turns.get(node))) {
            return List.of();
        }
        endTurn(spread, node);
        penalize(holder);
        spread.missed.computeIfAbsent(node, first -> new HashSet<>()).add(holder);
        spread.waiting.put(node, 0);
        return next(digest, spread);
    }

    private void penalize(DataAddress holder) {
        Penalty before = penalties.get(holder);
        int failures = before == null ? 1 : before.failures + 1;
        long turns = before == null ? FIRST_PENALTY : Math.min(MOST_PENALTY, before.turns * PENALTY_GROWTH);
        penalties.put(holder, new Penalty(failures, turns, turnsGiven + turns));
    }

    private boolean isPassedOver(DataAddress holder) {
        Penalty penalty = penalties.get(holder);
        return penalty != null && turnsGiven < penalty.untilTurn;
    }

    private int failures(DataAddress holder) {
        Penalty penalty = penalties.get(holder);
        return penalty == null ? 0 : penalty.failures;
    }

    /** A node is gone. Those that get something from it miss it by themselves. Returns whose turn it is now. */
    public List<Turn> gone(DataAddress node) {
        List<Turn> turns = new ArrayList<>();
        penalties.remove(node);
        spreads.forEach((digest, spread) -> {
            endTurn(spread, node);
            spread.waiting.remove(node);
            spread.missed.remove(node);
            if (!node.equals(source)) {
                spread.holders.remove(node);
            }
            turns.addAll(next(digest, spread));
        });
        return turns;
    }

    private Spread spread(String digest) {
        return spreads.computeIfAbsent(digest, first -> {
            Spread spread = new Spread();
            spread.holders.put(source, new Holder());
            return spread;
        });
    }

    /** Returns one more than what any holder gives while others have given less: a share of log n and a few. */
    private int fairShare(Spread spread) {
        int nodes = spread.holders.size() + spread.waiting.size() + spread.turns.size();
        int share = Integer.SIZE - Integer.numberOfLeadingZeros(nodes) + copiesAtOnce - 1;
        return spread.holders.entrySet().stream()
                        .anyMatch(each -> each.getValue().given < share && !isPassedOver(each.getKey()))
                ? share
                : Integer.MAX_VALUE;
    }

    private static void endTurn(Spread spread, DataAddress node) {
        DataAddress from = spread.turns.remove(node);
        Holder holder = from == null ? null : spread.holders.get(from);
        if (holder != null) {
            holder.giving--;
        }
    }

    private List<Turn> next(String digest, Spread spread) {
        List<Turn> turns = new ArrayList<>();
        for (Iterator<DataAddress> each = spread.waiting.keySet().iterator(); each.hasNext(); ) {
            DataAddress node = each.next();
            DataAddress from = choose(spread, node);
            if (from != null) {
                each.remove();
                spread.turns.put(node, from);
                Holder holder = spread.holders.get(from);
                if (holder != null) {
                    holder.giving++;
                    holder.given++;
                }
                turnsGiven++;
                turns.add(new Turn(digest, node, from));
            }
        }
        return turns;
    }

    /**
     * The holder that has given least; one that the node has missed before only when it has missed all, and one that has
     * failed lately only when no other has the blob: to wait for a busy holder is cheaper than to ask one that hangs.
     */
    private @Nullable DataAddress choose(Spread spread, DataAddress node) {
        Set<DataAddress> missed = spread.missed.getOrDefault(node, Set.of());
        List<DataAddress> candidates = spread.holders.keySet().stream()
                .filter(holder -> !missed.contains(holder))
                .toList();
        if (candidates.isEmpty()) {
            candidates = List.copyOf(spread.holders.keySet());
        }
        List<DataAddress> sound =
                candidates.stream().filter(holder -> !isPassedOver(holder)).toList();
        return least(spread, sound.isEmpty() ? candidates : sound);
    }

    /** One that has failed shows with one copy that it can give again. */
    private int mayGive(DataAddress holder) {
        return penalties.containsKey(holder) ? 1 : copiesAtOnce;
    }

    /** Returns the one with the fewest failures in a row, then that has given least, of those that may give now; or null. */
    private @Nullable DataAddress least(Spread spread, List<DataAddress> holders) {
        int share = fairShare(spread);
        DataAddress best = null;
        int given = 0;
        for (DataAddress address : holders) {
            Holder holder = spread.holders.get(address);
            if (holder == null || holder.giving >= mayGive(address) || holder.given >= share) {
                continue;
            }
            int compared = best == null ? -1 : Integer.compare(failures(address), failures(best));
            if (compared < 0 || (compared == 0 && holder.given < given)) {
                best = address;
                given = holder.given;
            }
        }
        return best;
    }
}
