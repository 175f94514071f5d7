package dev.sampo.internal.model;

import java.io.Serializable;

/**
 * A node as placement sees it.
 *
 * @param node this life of the node
 * @param address what stays the same when the node is started again; decides its points on the ring
 * @param weight its capacity, in slots; more than 0
 */
public record PlacedNode(NodeId node, String address, double weight) implements Serializable {
    /** Checks the components. */
    public PlacedNode {
        if (address.isEmpty() || !(weight > 0) || Double.isInfinite(weight)) {
            throw new IllegalArgumentException("node " + node + " with address '" + address + "' and weight " + weight
                    + "; expected an address and a finite weight above 0");
        }
    }
}
