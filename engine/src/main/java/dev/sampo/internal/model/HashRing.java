package dev.sampo.internal.model;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A consistent-hash ring (Karger et al., "Consistent Hashing and Random Trees", STOC 1997): every node owns points on
 * a circle of 64-bit numbers, and a key belongs to the owner of the first point at or after its hash. A node that comes
 * or goes moves only the keys it takes or gives up.
 *
 * <p>The points of a node come from its address alone, their number is in proportion to its weight, and points that
 * collide are ordered by node id: the same nodes make the same ring in whatever order they joined. Immutable.
 */
public final class HashRing {
    /** Points per unit of weight: the load of equal nodes of weight 1 then differs by some 9 % (1/sqrt(128)). */
    static final int POINTS_PER_WEIGHT = 128;

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final List<PlacedNode> nodes;
    private final long[] points;
    private final int[] owners;

    private HashRing(List<PlacedNode> nodes, long[] points, int[] owners) {
        this.nodes = nodes;
        this.points = points;
        this.owners = owners;
    }

    /**
     * Builds the ring of some nodes.
     *
     * @throws IllegalArgumentException when a node is named twice
     */
    public static HashRing of(Collection<PlacedNode> members) {
        List<PlacedNode> nodes =
                members.stream().sorted(Comparator.comparing(PlacedNode::node)).toList();
        List<Point> all = new ArrayList<>();
        for (int owner = 0; owner < nodes.size(); owner++) {
            PlacedNode node = nodes.get(owner);
            if (owner > 0 && nodes.get(owner - 1).node().equals(node.node())) {
                throw new IllegalArgumentException("node " + node.node() + " is on the ring twice; expected once");
            }
            addPoints(node, owner, all);
        }
        all.sort(Comparator.comparingLong(Point::position).thenComparingInt(Point::owner));
        long[] points = new long[all.size()];
        int[] owners = new int[all.size()];
        for (int i = 0; i < points.length; i++) {
            points[i] = all.get(i).position();
            owners[i] = all.get(i).owner();
        }
        return new HashRing(nodes, points, owners);
    }

    private static void addPoints(PlacedNode node, int owner, List<Point> into) {
        long count = Math.max(1, Math.round(node.weight() * POINTS_PER_WEIGHT));
        long state = hash(node.address());
        for (long i = 0; i < count; i++) {
            state += GOLDEN;
            into.add(new Point(mix(state), owner));
        }
    }

    /** Returns the ring with one more node. */
    public HashRing with(PlacedNode node) {
        List<PlacedNode> more = new ArrayList<>(nodes);
        more.add(node);
        return of(more);
    }

    /** Returns the ring without a node; the same ring when it is not on it. */
    public HashRing without(NodeId node) {
        return of(nodes.stream().filter(other -> !other.node().equals(node)).toList());
    }

    /** Returns whether there is no node. */
    public boolean isEmpty() {
        return nodes.isEmpty();
    }

    /** Returns the nodes, by id. */
    public List<PlacedNode> nodes() {
        return nodes;
    }

    /** Returns the node a key belongs to; empty on an empty ring. */
    public Optional<NodeId> home(String key) {
        return home(hash(key));
    }

    /** Returns the node a key of this {@linkplain #hash(String) hash} belongs to; empty on an empty ring. */
    public Optional<NodeId> home(long hash) {
        if (points.length == 0) {
            return Optional.empty();
        }
        return Optional.of(nodes.get(owners[firstPointAt(hash)]).node());
    }

    /**
     * Returns the node that a hash belongs to on the ring of some of the nodes only; empty when none of them is on the
     * ring. It takes time in proportion to the points of the others for each point of theirs.
     */
    public Optional<NodeId> home(long hash, Set<NodeId> among) {
        int first = points.length == 0 || among.isEmpty() ? 0 : firstPointAt(hash);
        for (int step = 0; step < points.length && !among.isEmpty(); step++) {
            NodeId owner = nodes.get(owners[(first + step) % points.length]).node();
            if (among.contains(owner)) {
                return Optional.of(owner);
            }
        }
        return Optional.empty();
    }

    /** Returns the distinct nodes a key meets on its way round the ring, its home first, at most {@code limit}. */
    public List<NodeId> preference(String key, int limit) {
        return preference(hash(key), limit);
    }

    /** Returns the distinct nodes a hash meets on its way round the ring, its home first, at most {@code limit}. */
    public List<NodeId> preference(long hash, int limit) {
        int wanted = Math.min(limit, nodes.size());
        List<NodeId> met = new ArrayList<>(Math.max(0, wanted));
        if (wanted <= 0) {
            return met;
        }
        boolean[] seen = new boolean[nodes.size()];
        int at = firstPointAt(hash);
        while (met.size() < wanted) {
            int owner = owners[at];
            if (!seen[owner]) {
                seen[owner] = true;
                met.add(nodes.get(owner).node());
            }
            at = at + 1 == points.length ? 0 : at + 1;
        }
        return met;
    }

    private int firstPointAt(long hash) {
        int low = 0;
        int high = points.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (points[middle] < hash) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low == points.length ? 0 : low;
    }

    /** Returns the hash of a key's UTF-8 bytes. */
    public static long hash(String key) {
        return hash(key.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns the hash of a key. The same on every JVM and in every release. */
    public static long hash(byte[] key) {
        long state = key.length * GOLDEN;
        int at = 0;
        for (; at + Long.BYTES <= key.length; at += Long.BYTES) {
            state = mix((state ^ (long) LONG.get(key, at)) + GOLDEN);
        }
        long tail = 0;
        for (int shift = 0; at < key.length; at++, shift += Byte.SIZE) {
            tail |= (key[at] & 0xFFL) << shift;
        }
        return mix((state ^ tail) + GOLDEN);
    }

    /**
     * Mixes all bits into all bits, one to one: the finalizer of MurmurHash3 (Appleby) with the constants of Stafford's
     * variant 13, as SplitMix64 uses it (Steele, Lea and Flood, OOPSLA 2014).
     */
    private static long mix(long value) {
        long z = value;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HashRing that && nodes.equals(that.nodes);
    }

    @Override
    public int hashCode() {
        return nodes.hashCode();
    }

    @Override
    public String toString() {
        return "HashRing[" + nodes.size() + " nodes, " + points.length + " points]";
    }

    private record Point(long position, int owner) {}
}
