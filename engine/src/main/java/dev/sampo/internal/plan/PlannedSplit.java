package dev.sampo.internal.plan;

import dev.sampo.spi.Split;

/**
 * A split of one of a job's inputs.
 *
 * @param input the number of the input, from 0
 * @param split the split, whose payload only its source reads
 */
public record PlannedSplit(int input, Split split) {
    /** Checks the number. */
    public PlannedSplit {
        if (input < 0) {
            throw new IllegalArgumentException("input " + input + " of split " + split + "; expected at least 0");
        }
    }
}
