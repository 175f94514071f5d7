package dev.sampo.internal.config;

import java.time.Duration;

/**
 * How a seed holds the results that go to no directory.
 *
 * @param storeBytes what all of them may take together
 * @param keep how long a result stays that its submitter does not fetch
 */
public record ResultSettings(long storeBytes, Duration keep) {
    static ResultSettings from(ConfigReader reader) {
        return new ResultSettings(
                reader.bytes("max-store-size", 0, Long.MAX_VALUE),
                reader.duration("keep", Duration.ofSeconds(1), Duration.ofDays(365)));
    }
}
