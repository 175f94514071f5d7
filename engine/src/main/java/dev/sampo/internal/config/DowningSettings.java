package dev.sampo.internal.config;

import java.time.Duration;

/**
 * When the seeds take a member out of the cluster that they cannot reach.
 *
 * @param seedStableAfter how long what the seeds see of one another must stay the same before they decide about a seed
 * @param workerStableAfter how long a worker must be unreachable before it is taken out
 * @param flapsPerMinute how many changes of reachability a minute are too many
 * @param removalMargin how long the successor of a removed coordinator waits before it starts
 */
public record DowningSettings(
        Duration seedStableAfter, Duration workerStableAfter, int flapsPerMinute, Duration removalMargin) {
    private static final int MOST_FLAPS = 1_000;

    static DowningSettings from(ConfigReader reader) {
        Duration most = Duration.ofMinutes(10);
        return new DowningSettings(
                reader.duration("seed-stable-after", Duration.ofMillis(500), most),
                reader.duration("worker-stable-after", Duration.ofMillis(100), most),
                reader.integer("flaps-per-minute", 2, MOST_FLAPS),
                reader.duration("removal-margin", Duration.ZERO, most));
    }
}
