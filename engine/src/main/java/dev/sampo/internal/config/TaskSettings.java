package dev.sampo.internal.config;

import java.time.Duration;
import java.util.Optional;

/**
 * How long attempts may take and how often they may fail.
 *
 * @param maxAttempts charged failures of one task that fail its job, at least 1
 * @param timeLimit how long an attempt may run; empty for no limit
 * @param interruptGrace how long an interrupted attempt may take to end before its slot counts as lost
 * @param assignTimeout how long a node may take to acknowledge a launch
 * @param lease how long an attempt lives without its node and the coordinator hearing of each other
 * @param localityWait how long a task waits for a slot of a node that its data is near to before it goes elsewhere
 * @param speculation whether a task may have a second attempt beside one that seems late
 */
public record TaskSettings(
        int maxAttempts,
        Optional<Duration> timeLimit,
        Duration interruptGrace,
        Duration assignTimeout,
        Duration lease,
        Duration localityWait,
        boolean speculation) {
    private static final int MOST_ATTEMPTS = 1000;

    static TaskSettings from(ConfigReader reader) {
        return new TaskSettings(
                reader.integer("max-attempts", 1, MOST_ATTEMPTS),
                reader.durationOrOff("time-limit", Duration.ofMillis(1), Duration.ofDays(30)),
                reader.duration("interrupt-grace", Duration.ofMillis(1), Duration.ofHours(1)),
                reader.duration("assign-timeout", Duration.ofMillis(1), Duration.ofHours(1)),
                reader.duration("lease", Duration.ofMillis(100), Duration.ofHours(1)),
                reader.duration("locality-wait", Duration.ZERO, Duration.ofHours(1)),
                reader.bool("speculation"));
    }
}
