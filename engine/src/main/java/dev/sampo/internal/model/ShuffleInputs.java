package dev.sampo.internal.model;

import java.io.Serializable;
import java.util.List;

/**
 * Where the outputs are that a reduce attempt reads, in the order of the tasks that made them.
 *
 * @param stage the stage of the producers
 * @param nodes the nodes that hold outputs, each once
 * @param attempts per producer task, the number of the attempt whose output counts
 * @param holders per producer task, the index into {@code nodes} of the one that holds it
 */
public record ShuffleInputs(int stage, List<SegmentHolder> nodes, List<Integer> attempts, List<Integer> holders)
        implements Serializable {
    /** Copies and checks the lists. */
    public ShuffleInputs {
        nodes = List.copyOf(nodes);
        attempts = List.copyOf(attempts);
        holders = List.copyOf(holders);
        if (attempts.size() != holders.size()) {
            throw new IllegalArgumentException(
                    attempts.size() + " attempts, " + holders.size() + " holders; expected as many");
        }
    }
}
