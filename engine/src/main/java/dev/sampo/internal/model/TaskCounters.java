package dev.sampo.internal.model;

import java.io.Serializable;
import java.util.Map;

/**
 * What one attempt counted. Of each task only those of the committed attempt are added up.
 *
 * @param recordsIn records read, or values taken from the shuffle
 * @param bytesIn bytes of those, as read
 * @param recordsOut records handed on, after combining
 * @param bytesOut bytes of those, before compression
 * @param combined records that combining made unnecessary
 * @param spills sorted runs written for want of memory
 * @param spilledBytes bytes of those files
 * @param skipped records set aside as bad
 * @param user the counters of the job's functions
 */
public record TaskCounters(
        long recordsIn,
        long bytesIn,
        long recordsOut,
        long bytesOut,
        long combined,
        long spills,
        long spilledBytes,
        long skipped,
        Map<String, Long> user)
        implements Serializable {
    /** Nothing counted. */
    public static final TaskCounters NONE = new TaskCounters(0, 0, 0, 0, 0, 0, 0, 0, Map.of());

    /** Copies the user counters. */
    public TaskCounters {
        user = Map.copyOf(user);
    }
}
