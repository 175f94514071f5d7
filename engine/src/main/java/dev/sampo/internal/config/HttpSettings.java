package dev.sampo.internal.config;

import java.time.Duration;

/**
 * The HTTP server of a seed.
 *
 * @param enabled whether there is one
 * @param host the address it listens at
 * @param port its port; 0 for one the system chooses
 * @param limits what it takes
 * @param times how long it waits
 */
public record HttpSettings(boolean enabled, String host, int port, Limits limits, Times times) {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration HOUR = Duration.ofHours(1);

    /**
     * What the server takes before it refuses.
     *
     * @param requests requests at once
     * @param connections open connections
     * @param requestsPerSecond requests of one address per second
     * @param uploadBytes the body of one submit
     * @param jobBytes the description of one job
     * @param blobs the blobs of one job
     * @param streams open streams of events
     */
    public record Limits(
            int requests,
            int connections,
            int requestsPerSecond,
            long uploadBytes,
            long jobBytes,
            int blobs,
            int streams) {}

    /**
     * How long the server waits.
     *
     * @param idle for a byte in either direction
     * @param longPoll for the end of a job, at most
     * @param heartbeat between two signs of life of a stream of events
     */
    public record Times(Duration idle, Duration longPoll, Duration heartbeat) {}

    static HttpSettings from(ConfigReader reader) {
        return new HttpSettings(
                reader.bool("enabled"),
                reader.string("host"),
                reader.integer("port", 0, 65_535),
                new Limits(
                        reader.integer("max-requests", 1, 100_000),
                        reader.integer("max-connections", 1, 100_000),
                        reader.integer("requests-per-second", 1, 1_000_000),
                        reader.bytes("max-upload", 1L << 10, 1L << 40),
                        // a definition travels in one control message
                        reader.bytes("max-job", 1L << 10, 3L << 20),
                        reader.integer("max-blobs", 0, 10_000),
                        reader.integer("max-streams", 1, 100_000)),
                new Times(
                        reader.duration("idle-timeout", SECOND, HOUR),
                        reader.duration("max-wait", SECOND, HOUR),
                        reader.duration("heartbeat", Duration.ofMillis(100), HOUR)));
    }
}
