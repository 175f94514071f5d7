package dev.sampo.internal.output;

/**
 * What one stage did, as the manifest tells it. The components are those of the API's stage counters, which this
 * package does not see.
 *
 * @param stage the name of the stage
 * @param tasks the tasks of the stage
 * @param attempts the attempts started
 * @param failedAttempts the attempts that failed
 * @param recordsIn records read
 * @param bytesIn bytes of those
 * @param recordsOut records handed on
 * @param bytesOut bytes of those
 * @param combined records that combining made unnecessary
 * @param spills sorted runs written for want of memory
 * @param spilledBytes bytes of those files
 * @param skipped records set aside as bad
 * @param launchedHome attempts that ran on the node that their routing key prefers
 * @param launchedNear attempts on splits that name locations that ran on a node there
 * @param launchedFar attempts on such splits that ran on another node
 * @param speculative second attempts that were started beside one that seemed late
 * @param speculativeWon those of them that were done first
 */
public record ManifestStage(
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
