package dev.sampo.api;

/**
 * What one stage of a job did. All but the attempts are of the one committed attempt per task.
 *
 * @param stage the name of the stage: {@code map}, {@code reduce-1}, {@code reduce-2} …
 * @param tasks the tasks of the stage
 * @param attempts the attempts started
 * @param failedAttempts the attempts that failed
 * @param recordsIn records read, or values taken from the shuffle
 * @param bytesIn bytes of those, as they were read (a compressed file counts as it lies on disk)
 * @param recordsOut records handed to the next stage or the output, after combining
 * @param bytesOut bytes of those, before compression
 * @param combined records that combining made unnecessary
 * @param spills sorted runs written for want of memory
 * @param spilledBytes bytes of those files
 * @param skipped records set aside as bad; nothing is set aside yet, so always 0
 * @param launchedHome attempts that ran on the node that their routing key prefers
 * @param launchedNear attempts on splits that name locations that ran on a node there
 * @param launchedFar attempts on such splits that ran on another node
 * @param speculative second attempts that were started beside one that seemed late
 * @param speculativeWon those of them that were done first
 */
public record StageCounters(
        String stage,
        int tasks,
        int attempts,
        int failedAttempts,
        long recordsIn,
        long bytesIn,
        long recordsOut,
        long bytesOut,
        long combined,
        long spills,
        long spilledBytes,
        long skipped,
        int launchedHome,
        int launchedNear,
        int launchedFar,
        int speculative,
        int speculativeWon) {}
