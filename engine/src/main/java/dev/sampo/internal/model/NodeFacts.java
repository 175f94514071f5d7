package dev.sampo.internal.model;

import java.io.Serializable;
import java.util.Map;

/**
 * What a worker node says of itself when it offers its slots.
 *
 * @param id this life of the node
 * @param address where it is, stable over its lives; what the placement ring hashes
 * @param slots how many attempts it runs at once, at least 1
 * @param weight its share of the placement ring; more than 0, the number of slots unless set otherwise
 * @param memoryBytes the memory its attempts may take for buffers
 * @param labels what its operator says of it, such as {@code zone=a}
 * @param data where it serves its segments
 */
public record NodeFacts(
        NodeId id,
        String address,
        int slots,
        double weight,
        long memoryBytes,
        Map<String, String> labels,
        DataAddress data)
        implements Serializable {
    /** Copies the labels and checks the numbers. */
    public NodeFacts {
        labels = Map.copyOf(labels);
        if (slots < 1 || !(weight > 0) || Double.isInfinite(weight) || memoryBytes < 0) {
            throw new IllegalArgumentException("node " + id + ": " + slots + " slots, weight " + weight + ", "
                    + memoryBytes + " bytes of memory; expected at least 1 slot, a finite weight above 0 and no less"
                    + " than 0 bytes");
        }
    }

    /** Returns what others need to fetch from it. */
    public SegmentHolder holder() {
        return new SegmentHolder(id, data);
    }
}
