package dev.sampo.internal.model;

import java.io.Serializable;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * A node as placement sees it.
 *
 * @param node this life of the node
 * @param address what stays the same when the node is started again; decides its points on the ring
 * @param weight its capacity, in slots; more than 0
 * @param labels what its operator says of it
 */
public record PlacedNode(NodeId node, String address, double weight, Map<String, String> labels)
        implements Serializable {
    /** Copies the labels and checks the other components. */
    public PlacedNode {
        labels = Map.copyOf(labels);
        if (address.isEmpty() || !(weight > 0) || Double.isInfinite(weight)) {
            throw new IllegalArgumentException("node " + node + " with address '" + address + "' and weight " + weight
                    + "; expected an address and a finite weight above 0");
        }
    }

    /** Makes a node without labels. */
    public PlacedNode(NodeId node, String address, double weight) {
        this(node, address, weight, Map.of());
    }

    /** Returns all names by which the data of a split can say that it is here: address, host, and each label. */
    public Set<String> locations() {
        Set<String> names = new HashSet<>();
        names.add(address);
        int port = address.lastIndexOf(':');
        if (port > 0) {
            names.add(address.substring(0, port));
        }
        labels.forEach((key, value) -> names.add(key + "=" + value));
        return names;
    }
}
