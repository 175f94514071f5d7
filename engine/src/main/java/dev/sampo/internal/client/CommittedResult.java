package dev.sampo.internal.client;

import dev.sampo.api.Counters;
import dev.sampo.api.JobResult;
import dev.sampo.api.OutputPart;
import dev.sampo.api.Pair;
import dev.sampo.internal.protocol.ClientProtocol.JobSucceeded;
import dev.sampo.spi.Codec;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** The result of a job that succeeded: in an output directory, or collected for the caller. Safe for many threads. */
public final class CommittedResult<K, V> implements JobResult<K, V> {
    private final JobSucceeded end;
    private final @Nullable Collected<K, V> collected;
    private final AtomicBoolean closed = new AtomicBoolean();

    private CommittedResult(JobSucceeded end, @Nullable Collected<K, V> collected) {
        this.end = end;
        this.collected = collected;
    }

    /** Opens a part of a collected result where it lies. */
    @FunctionalInterface
    public interface PartSource {
        /** Opens a part; may be called again for the same one. */
        InputStream open(OutputPart part) throws IOException;
    }

    /**
     * A collected result.
     *
     * @param source where its parts lie
     * @param keys the codec of its keys
     * @param values the codec of its values
     * @param release lets go of the parts
     */
    private record Collected<K, V>(PartSource source, Codec<K> keys, Codec<V> values, Runnable release) {}

    /** Returns the result of a job that did not collect. */
    public static <K, V> CommittedResult<K, V> written(JobSucceeded end) {
        return new CommittedResult<>(end, null);
    }

    /** Returns the result of a job that collected; {@code release} is run when it is closed. */
    public static <K, V> CommittedResult<K, V> collected(
            JobSucceeded end, PartSource source, Codec<K> keys, Codec<V> values, Runnable release) {
        return new CommittedResult<>(end, new Collected<>(source, keys, values, release));
    }

    @Override
    public String jobId() {
        return end.job().value();
    }

    @Override
    public Counters counters() {
        return end.counters();
    }

    @Override
    public Duration duration() {
        return Duration.ofMillis(end.durationMillis());
    }

    @Override
    public List<OutputPart> parts() {
        return collected == null ? end.parts() : List.of();
    }

    @Override
    public Stream<Pair<K, V>> records() {
        Collected<K, V> source = collected;
        if (source == null) {
            throw new IllegalStateException("job " + end.job()
                    + " has its result in a directory, or as parts for its submitter to fetch; expected a"
                    + " job that ends in collect");
        }
        if (closed.get()) {
            throw new IllegalStateException("the result of job " + end.job() + " is closed");
        }
        CollectedRecords<K, V> records = new CollectedRecords<>(end.parts(), source.source, source.keys, source.values);
        return StreamSupport.stream(
                        Spliterators.spliteratorUnknownSize(records, Spliterator.ORDERED | Spliterator.NONNULL), false)
                .onClose(() -> {
                    try {
                        records.close();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
    }

    @Override
    public void close() {
        Collected<K, V> source = collected;
        if (source != null && closed.compareAndSet(false, true)) {
            source.release.run();
        }
    }
}
