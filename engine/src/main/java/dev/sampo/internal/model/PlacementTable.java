package dev.sampo.internal.model;

import java.io.Serializable;
import java.util.List;

/**
 * Which nodes take part in placement, as the cluster coordinator publishes it. Two nodes with the same table place
 * every task alike.
 *
 * @param epoch rises with every change; a table of a lower epoch is out of date
 * @param nodes the nodes, in any order
 */
public record PlacementTable(long epoch, List<PlacedNode> nodes) implements Serializable {
    /** The table before any node joined. */
    public static final PlacementTable EMPTY = new PlacementTable(0, List.of());

    /** Copies the nodes. */
    public PlacementTable {
        nodes = List.copyOf(nodes);
    }

    /** Builds the ring of these nodes. It takes time in proportion to their points: build it once and keep it. */
    public HashRing ring() {
        return HashRing.of(nodes);
    }
}
