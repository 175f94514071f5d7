package dev.sampo.internal.cluster;

import dev.sampo.internal.cluster.DowningRules.Verdict;
import dev.sampo.internal.cluster.SeenMember.Phase;
import dev.sampo.internal.config.DowningSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * A cluster as the rules of downing know it, in simulated time: members gossip over the links that hold, seeds notice
 * late and at different times what they cannot reach, and whoever learns that it was taken out ends.
 */
final class SimulatedMembers {
    /** Seconds; a detector needs at least two less. */
    static final double SLOWEST_DETECTION = 4.0;

    private static final double STEP = 0.2;
    private static final DowningSettings SETTINGS =
            new DowningSettings(Duration.ofSeconds(3), Duration.ofSeconds(3), 10, Duration.ofSeconds(2));

    private final Random random;
    private final List<String> seeds;
    private final List<String> workers;
    private final Map<String, Node> nodes = new TreeMap<>();
    private final Set<SeedLink> cut = new HashSet<>();
    private final Map<String, Double> flappingUntil = new HashMap<>();
    private final Set<String> unheard = new HashSet<>();
    private int steps;

    /** What one observer last said of one subject. */
    private record Word(boolean unreachable, long version) {}

    private record Pair(String observer, String subject) {}

    private final class Node {
        final String id;
        final DowningRules rules = new DowningRules(SETTINGS);
        final Map<Pair, Word> words = new HashMap<>();
        final Set<String> down = new TreeSet<>();
        final Set<String> removed = new TreeSet<>();
        final Map<String, Set<String>> whoKnows = new HashMap<>();
        final Map<String, Integer> noticedAt = new HashMap<>();
        boolean alive = true;

        Node(String id) {
            this.id = id;
        }

        void hear(Node other) {
            other.words.forEach((pair, word) ->
                    words.merge(pair, word, (mine, theirs) -> mine.version >= theirs.version ? mine : theirs));
            down.addAll(other.down);
            removed.addAll(other.removed);
            other.whoKnows.forEach((member, knowing) ->
                    whoKnows.computeIfAbsent(member, key -> new HashSet<>()).addAll(knowing));
            alive &= !down.contains(id);
        }

        /** A member is removed once all that are not down know that it is. */
        void remove() {
            Set<String> staying = knownAlive(id);
            for (String member : down) {
                Set<String> knowing = whoKnows.computeIfAbsent(member, key -> new HashSet<>());
                knowing.add(id);
                if (knowing.containsAll(staying)) {
                    removed.add(member);
                }
            }
        }

        /** Its detector needs a while to notice, and is quick to see that all is well again. */
        void detect(String subject) {
            boolean silent = !hears(subject, id);
            Word word = words.getOrDefault(new Pair(id, subject), new Word(false, 0));
            if (silent && !word.unreachable) {
                int due = noticedAt.computeIfAbsent(
                        subject, key -> steps + (int) ((SLOWEST_DETECTION - 2 * random.nextDouble()) / STEP));
                if (steps >= due) {
                    words.put(new Pair(id, subject), new Word(true, word.version + 1));
                }
            } else if (!silent) {
                noticedAt.remove(subject);
                if (word.unreachable) {
                    words.put(new Pair(id, subject), new Word(false, word.version + 1));
                }
            }
        }

        void decide() {
            Map<String, Set<String>> observers = new HashMap<>();
            words.forEach((pair, word) -> {
                if (word.unreachable) {
                    observers
                            .computeIfAbsent(pair.subject, key -> new HashSet<>())
                            .add(pair.observer);
                }
            });
            List<SeenMember> members = new ArrayList<>();
            nodes.keySet().stream()
                    .filter(member -> !removed.contains(member))
                    .forEach(member -> members.add(new SeenMember(
                            member, seeds.contains(member), down.contains(member) ? Phase.DOWN : Phase.VOTING)));
            long now = Math.round(steps * STEP * 1e9);
            rules.see(MembershipView.of(id, members, observers), now);
            for (Verdict verdict : rules.decide(now)) {
                down.add(verdict.member());
            }
            alive &= !down.contains(id);
        }
    }

    SimulatedMembers(int seedCount, int workerCount, Random random) {
        this.random = random;
        this.seeds = IntStream.range(0, seedCount).mapToObj(n -> "s" + n).toList();
        this.workers = IntStream.range(0, workerCount).mapToObj(n -> "w" + n).toList();
        seeds.forEach(id -> nodes.put(id, new Node(id)));
        workers.forEach(id -> nodes.put(id, new Node(id)));
    }

    List<String> seeds() {
        return seeds;
    }

    List<String> workers() {
        return workers;
    }

    double seconds() {
        return steps * STEP;
    }

    void run(double seconds) {
        for (double end = seconds() + seconds; seconds() < end; ) {
            step();
        }
    }

    void step() {
        steps++;
        unheard.clear();
        flappingUntil.forEach((member, until) -> {
            // away for some five seconds, there for some two
            if (seconds() < until && (steps + member.hashCode()) % 35 < 25) {
                unheard.add(member);
            }
        });
        for (String seed : seeds) {
            Node node = node(seed);
            if (node.alive) {
                nodes.keySet().stream()
                        .filter(subject -> !subject.equals(seed) && !node.down.contains(subject))
                        .forEach(node::detect);
            }
        }
        for (Node from : nodes.values()) {
            for (Node to : nodes.values()) {
                if (from != to && from.alive && hears(from.id, to.id) && random.nextInt(3) == 0) {
                    to.hear(from);
                    to.remove();
                }
            }
        }
        for (String seed : seeds) {
            Node node = node(seed);
            if (node.alive) {
                node.decide();
                node.remove();
            }
        }
    }

    void kill(String member) {
        node(member).alive = false;
    }

    void flap(String member, double forSeconds) {
        flappingUntil.put(member, seconds() + forSeconds);
    }

    void breakLink(String one, String other) {
        if (!one.equals(other)) {
            cut.add(SeedLink.between(one, other));
        }
    }

    /** Cuts the members of a side off from all others. */
    void partition(Set<String> side) {
        for (String one : nodes.keySet()) {
            for (String other : nodes.keySet()) {
                if (side.contains(one) && !side.contains(other)) {
                    cut.add(SeedLink.between(one, other));
                }
            }
        }
    }

    String someMember() {
        return List.copyOf(nodes.keySet()).get(random.nextInt(nodes.size()));
    }

    Set<String> someMembers() {
        Set<String> side = new TreeSet<>();
        nodes.keySet().stream().filter(member -> random.nextBoolean()).forEach(side::add);
        return side;
    }

    Set<String> livingSeeds() {
        Set<String> living = new TreeSet<>();
        seeds.stream().filter(seed -> node(seed).alive).forEach(living::add);
        return living;
    }

    /** Returns the members that a member holds for members. */
    Set<String> knownAlive(String by) {
        Set<String> known = new TreeSet<>(nodes.keySet());
        known.removeAll(node(by).down);
        return known;
    }

    /** Returns the living seeds, in groups of those that hear of one another, if over others. */
    List<Set<String>> sidesOfSeeds() {
        List<Set<String>> sides = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (String seed : livingSeeds()) {
            if (!seen.contains(seed)) {
                Set<String> side = new TreeSet<>();
                collect(seed, side);
                seen.addAll(side);
                side.retainAll(seeds);
                sides.add(side);
            }
        }
        return sides;
    }

    private void collect(String from, Set<String> side) {
        if (side.add(from)) {
            nodes.keySet().stream()
                    .filter(to -> node(to).alive && hears(from, to))
                    .forEach(to -> collect(to, side));
        }
    }

    private boolean hears(String from, String to) {
        return node(from).alive
                && node(to).alive
                && !unheard.contains(from)
                && !unheard.contains(to)
                && !cut.contains(SeedLink.between(from, to));
    }

    private Node node(String id) {
        Node node = nodes.get(id);
        if (node == null) {
            throw new IllegalArgumentException("no member " + id + "; there are " + nodes.keySet());
        }
        return node;
    }
}
