package dev.sampo.internal.execute;

import dev.sampo.api.JobSpec;
import dev.sampo.api.Mapper;
import dev.sampo.internal.config.SampleSettings;
import dev.sampo.internal.protocol.NodeProtocol.LaunchSampleAttempt;
import dev.sampo.spi.ByteWriter;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.KeyCodec;
import dev.sampo.spi.RecordReader;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The work of a sample attempt: maps the beginning of a split and keeps every n-th key, n doubling whenever the keys
 * become too many. So the keys are spread evenly over what was mapped, and are the same in every run.
 */
final class SampleRunner implements AttemptWork {
    private final LaunchSampleAttempt launch;

    SampleRunner(LaunchSampleAttempt launch) {
        this.launch = launch;
    }

    @Override
    public Outcome run(AttemptScope scope) throws Exception {
        return sample(
                scope,
                scope.functions().input(launch.input()),
                scope.functions().stage(0));
    }

    @SuppressWarnings("unchecked") // JobSpec's builder gave input and stage the same types
    private <I, K, V> Outcome sample(AttemptScope scope, JobSpec.Input<I, ?, ?> input, JobSpec.Stage<K, V, ?, ?> stage)
            throws Exception {
        SampleSettings settings = scope.node().settings().sample();
        KeySample<K, V> sample =
                new KeySample<>(scope, stage.keyType().keyCodec(scope.node().codecs()), settings.keysPerSplit());
        Mapper<? super I, K, V> mapper = (Mapper<? super I, K, V>) input.mapper();
        try (RecordReader<I> reader = MapRunner.open(scope, input, launch.split())) {
            scope.reading(reader);
            MapRunner.feed(scope, new Beginning<>(reader, settings.bytesPerSplit()), mapper, sample);
        }
        return new Outcome.Sampled(sample.keys);
    }

    /** Keeps an even spread of the keys. */
    private static final class KeySample<K, V> extends GuardedEmitter<K, V> {
        private final KeyCodec<K> codec;
        private final int limit;
        private final ByteWriter bytes = new ByteWriter();
        private List<byte[]> keys = new ArrayList<>();
        private long seen;
        private long stride = 1;

        KeySample(AttemptScope scope, KeyCodec<K> codec, int limit) {
            super(scope);
            this.codec = codec;
            this.limit = limit;
        }

        @Override
        SampoException explain(Exception thrown) {
            return new SampoException(ErrorCode.INTERNAL, "a key could not be sampled: " + thrown, thrown);
        }

        @Override
        void take(K key, V value) {
            if (seen++ % stride != 0) {
                return;
            }
            bytes.clear();
            codec.encode(key, bytes);
            keys.add(bytes.toByteArray());
            if (keys.size() > limit) {
                List<byte[]> kept = new ArrayList<>(limit);
                for (int i = 0; i < keys.size(); i += 2) {
                    kept.add(keys.get(i));
                }
                keys = kept;
                stride *= 2;
            }
        }
    }

    /** The records of a reader until so many bytes are read. */
    private record Beginning<I>(RecordReader<I> reader, long bytes) implements RecordReader<I> {
        @Override
        public boolean next() throws IOException {
            return reader.bytesRead() < bytes && reader.next();
        }

        @Override
        public I record() {
            return reader.record();
        }

        @Override
        public String path() {
            return reader.path();
        }

        @Override
        public long offset() {
            return reader.offset();
        }

        @Override
        public long bytesRead() {
            return reader.bytesRead();
        }

        @Override
        public void close() throws IOException {
            reader.close();
        }
    }
}
