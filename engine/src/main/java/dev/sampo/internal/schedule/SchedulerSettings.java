package dev.sampo.internal.schedule;

/**
 * What the scheduler of a job goes by.
 *
 * @param assignTimeoutNanos how long a launched attempt may stay unacknowledged before it is written off; also how
 *     often an unanswered cancel is repeated
 * @param restNanos how long a slot rests after its node refused an attempt, so that the two do not play ping-pong; also
 *     for how long a node rests at first whose disk is full
 * @param avoidNanos how long a task that failed on a node waits for a slot of another one
 * @param stopTimeoutNanos how long a canceled attempt may take to end before its slot is given up
 * @param leaseNanos how long an attempt lives without its node saying that it runs
 * @param localityWaitNanos how long tasks wait for a node that their data is near to; 0 for not at all
 * @param freeFetchFailures how many times a task's output may fail to be fetched before each further time is charged
 *     to the task
 * @param speculation whether tasks may have a second attempt beside one that seems late
 */
public record SchedulerSettings(
        long assignTimeoutNanos,
        long restNanos,
        long avoidNanos,
        long stopTimeoutNanos,
        long leaseNanos,
        long localityWaitNanos,
        int freeFetchFailures,
        boolean speculation) {
    private static final long SECOND = 1_000_000_000L;

    /** The defaults: 10 s, 1 s, 2 s, 30 s, 15 s, 3 s, 3 times, with speculation. */
    public static final SchedulerSettings DEFAULTS =
            new SchedulerSettings(10 * SECOND, SECOND, 2 * SECOND, 30 * SECOND, 15 * SECOND, 3 * SECOND, 3, true);

    /** Checks the components. */
    public SchedulerSettings {
        if (assignTimeoutNanos < 1
                || restNanos < 1
                || avoidNanos < 0
                || stopTimeoutNanos < 1
                || leaseNanos < 1
                || localityWaitNanos < 0
                || freeFetchFailures < 0) {
            throw new IllegalArgumentException(
                    "assign timeout " + assignTimeoutNanos + " ns, rest " + restNanos
                            + " ns, avoidance " + avoidNanos + " ns, stop timeout " + stopTimeoutNanos + " ns, lease "
                            + leaseNanos + " ns, locality wait " + localityWaitNanos + " ns, "
                            + freeFetchFailures
                            + " free fetch failures; expected times above 0, avoidance, locality wait and fetch failures at least 0");
        }
    }
}
