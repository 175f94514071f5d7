package dev.sampo.internal.observe;

import dev.sampo.internal.model.FailureKind;
import dev.sampo.internal.model.TaskCounters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.BaseUnits;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What this node did, as metrics under {@code sampo.}. The meters are made once, so that counting is an addition. Safe
 * for many threads. The registry is the caller's; one without a back end costs nothing. Of two
 * engines on one registry only the first shows its active attempts: give each a registry of its own, or common tags.
 */
public final class Meters {
    private final Counter launchedHome;
    private final Counter launchedAway;
    private final Counter succeeded;
    private final Map<FailureKind, Counter> failed = new EnumMap<>(FailureKind.class);
    private final Counter recordsIn;
    private final Counter bytesIn;
    private final Counter recordsOut;
    private final Counter bytesOut;
    private final Counter spilledBytes;
    private final Counter skipped;
    private final Counter segmentsLocal;
    private final Counter segmentsRemote;
    private final AtomicInteger active;

    /** Makes the meters in a registry. */
    public Meters(MeterRegistry registry) {
        launchedHome = launched(registry, "home");
        launchedAway = launched(registry, "away");
        succeeded = Counter.builder("sampo.attempts.succeeded")
                .description("attempts that came to their end")
                .register(registry);
        for (FailureKind kind : FailureKind.values()) {
            failed.put(kind, failed(registry, kind));
        }
        recordsIn = counter(registry, "sampo.records.in", "records read by attempts that succeeded", "records");
        bytesIn = counter(registry, "sampo.bytes.in", "bytes read by attempts that succeeded", BaseUnits.BYTES);
        recordsOut = counter(registry, "sampo.records.out", "records handed on", "records");
        bytesOut = counter(registry, "sampo.bytes.out", "bytes handed on, before compression", BaseUnits.BYTES);
        spilledBytes = counter(registry, "sampo.spilled", "bytes spilled for want of memory", BaseUnits.BYTES);
        skipped = counter(registry, "sampo.records.skipped", "records set aside as bad", "records");
        segmentsLocal = segments(registry, "local");
        segmentsRemote = segments(registry, "remote");
        active = registry.gauge("sampo.attempts.active", new AtomicInteger());
    }

    private static Counter segments(MeterRegistry registry, String place) {
        return Counter.builder("sampo.shuffle.read")
                .description("stored bytes of the segments that reduce attempts read, by where they lay")
                .tag("place", place)
                .baseUnit(BaseUnits.BYTES)
                .register(registry);
    }

    private static Counter launched(MeterRegistry registry, String place) {
        return Counter.builder("sampo.attempts.launched")
                .description("attempts launched, on the node their routing key prefers or away from it")
                .tag("place", place)
                .register(registry);
    }

    private static Counter failed(MeterRegistry registry, FailureKind kind) {
        return Counter.builder("sampo.attempts.failed")
                .description("attempts that failed, by who is to blame")
                .tag("kind", kind.name().toLowerCase(Locale.ROOT))
                .register(registry);
    }

    private static Counter counter(MeterRegistry registry, String name, String description, String unit) {
        return Counter.builder(name).description(description).baseUnit(unit).register(registry);
    }

    /** Counts an attempt that starts; {@link #attemptSucceeded} or {@link #attemptFailed} follows once. */
    public void attemptLaunched(boolean home) {
        (home ? launchedHome : launchedAway).increment();
        active.incrementAndGet();
    }

    /** Counts an attempt that came to its end, and what it counted. */
    public void attemptSucceeded(TaskCounters counters) {
        active.decrementAndGet();
        succeeded.increment();
        recordsIn.increment((double) counters.recordsIn());
        bytesIn.increment((double) counters.bytesIn());
        recordsOut.increment((double) counters.recordsOut());
        bytesOut.increment((double) counters.bytesOut());
        spilledBytes.increment((double) counters.spilledBytes());
        skipped.increment((double) counters.skipped());
    }

    /** Counts the stored bytes of the segments that an attempt found on this node and fetched from others. */
    public void segmentsFound(long localBytes, long remoteBytes) {
        segmentsLocal.increment((double) localBytes);
        segmentsRemote.increment((double) remoteBytes);
    }

    /** Counts an attempt that failed. */
    public void attemptFailed(FailureKind kind) {
        active.decrementAndGet();
        Counter counter = failed.get(kind);
        if (counter == null) {
            throw new IllegalStateException("no meter for failures of kind " + kind);
        }
        counter.increment();
    }
}
