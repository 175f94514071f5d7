package dev.sampo.internal.schedule;

import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.SlotLease;

/** Something the slot allocator wants a job to be told. */
public sealed interface SlotDecision {
    /** Returns the job. */
    JobId job();

    /** The job may use this slot until it gives it back. */
    record Grant(JobId job, SlotLease lease) implements SlotDecision {}

    /**
     * The job keeps at most so many slots, and gives the others back as their attempts end.
     *
     * @param slots 0 where the job keeps none and takes turns; {@link Integer#MAX_VALUE} when there is no limit any more
     */
    record Cap(JobId job, int slots) implements SlotDecision {}
}
