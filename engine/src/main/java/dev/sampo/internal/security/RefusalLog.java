package dev.sampo.internal.security;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the last reason and logs each, but not each time: anybody who reaches the port can be refused. */
final class RefusalLog {
    private static final Logger LOG = LoggerFactory.getLogger(NodeTls.class);
    private static final Duration QUIET = Duration.ofSeconds(10);

    private final InstantSource clock;
    private final AtomicReference<@Nullable Entry> last = new AtomicReference<>();

    private record Entry(String reason, Instant logged) {}

    RefusalLog(InstantSource clock) {
        this.clock = clock;
    }

    void add(String reason) {
        Instant now = clock.instant();
        Entry before = last.get();
        if (before != null && now.isBefore(before.logged().plus(QUIET))) {
            last.set(new Entry(reason, before.logged()));
            return;
        }
        last.set(new Entry(reason, now));
        LOG.warn("A connection was refused: {}", reason);
    }

    Optional<String> last() {
        Entry entry = last.get();
        return entry == null ? Optional.empty() : Optional.of(entry.reason());
    }
}
