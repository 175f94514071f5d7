package dev.sampo.internal.client;

import dev.sampo.api.Counters;
import dev.sampo.api.JobResult;
import dev.sampo.api.OutputPart;
import dev.sampo.api.Pair;
import dev.sampo.internal.protocol.ClientProtocol.JobSucceeded;
import dev.sampo.spi.Codec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
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

    /**
     * Where a collected result lies.
     *
     * @param directory the directory
     * @param keys the codec of its keys
     * @param values the codec of its values
     * @param release deletes the directory
     */
    private record Collected<K, V>(Path directory, Codec<K> keys, Codec<V> values, Runnable release) {}

    /** Returns the result of a job that wrote to a directory. */
    public static <K, V> CommittedResult<K, V> written(JobSucceeded end) {
        return new CommittedResult<>(end, null);
    }

    /** Returns the result of a job that collected; {@code release} is run when it is closed. */
    public static <K, V> CommittedResult<K, V> collected(
            JobSucceeded end, Path directory, CollectedSink<K, V> sink, Runnable release) {
        return new CommittedResult<>(end, new Collected<>(directory, sink.keys(), sink.values(), release));
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
            throw new IllegalStateException(
                    "job " + end.job() + " wrote to a directory; expected a job that ends in collect");
        }
        if (closed.get()) {
            throw new IllegalStateException("the result of job " + end.job() + " is closed");
        }
        List<Path> files = end.parts().stream()
                .map(part -> source.directory.resolve(part.name()))
                .toList();
        CollectedRecords<K, V> records = new CollectedRecords<>(files, source.keys, source.values);
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
