package dev.sampo.internal.client;

import dev.sampo.api.JobSpec;
import dev.sampo.internal.model.HeldResult;
import dev.sampo.spi.ByteWriter;
import dev.sampo.spi.Codec;
import dev.sampo.spi.CodecRegistry;
import dev.sampo.spi.OutputSink;
import dev.sampo.spi.RecordWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Path;

/**
 * Where the results of a job are put that ends in {@code collect}: files of framed, encoded records in a directory of
 * the engine's own, from which they are streamed to the caller.
 */
public final class CollectedSink<K, V> implements OutputSink<K, V> {
    private static final long serialVersionUID = 1;

    private final URI directory;
    private final Codec<K> keys;
    private final Codec<V> values;

    /** Creates a sink to a directory that nobody else uses. */
    public CollectedSink(Path directory, Codec<K> keys, Codec<V> values) {
        this(withSlash(directory.toUri().toString()), keys, values);
    }

    /** A path that is a directory by now has a slash at its end already; it must not depend on that. */
    private static URI withSlash(String uri) {
        return URI.create(uri.endsWith("/") ? uri : uri + "/");
    }

    /** Returns the sink of a job that collects, with the codecs of its results. */
    public static <K, V> CollectedSink<K, V> of(JobSpec<K, V> spec, Path directory, CodecRegistry codecs) {
        @SuppressWarnings("unchecked") // the last stage of a JobSpec<K, V> emits K and V
        JobSpec.Stage<?, ?, K, V> last =
                (JobSpec.Stage<?, ?, K, V>) spec.stages().get(spec.stages().size() - 1);
        return new CollectedSink<>(
                directory,
                last.resultKeyType().valueCodec(codecs),
                last.resultValueType().valueCodec(codecs));
    }

    /** Returns the sink of a job that collects in a cluster, where the seed holds the parts. */
    public static <K, V> CollectedSink<K, V> held(JobSpec<K, V> spec, CodecRegistry codecs) {
        CollectedSink<K, V> local = of(spec, Path.of(""), codecs);
        return new CollectedSink<>(HeldResult.DIRECTORY, local.keys, local.values);
    }

    private CollectedSink(URI directory, Codec<K> keys, Codec<V> values) {
        this.directory = directory;
        this.keys = keys;
        this.values = values;
    }

    /** Returns the codec of the keys. */
    public Codec<K> keys() {
        return keys;
    }

    /** Returns the codec of the values. */
    public Codec<V> values() {
        return values;
    }

    @Override
    public URI directory() {
        return directory;
    }

    @Override
    public boolean overwrite() {
        return false;
    }

    @Override
    public RecordWriter<K, V> open(OutputStream out) {
        return new Frames<>(out, keys, values);
    }

    /** Writes two frames a record, each an unsigned LEB128 length and so many bytes. */
    private static final class Frames<K, V> implements RecordWriter<K, V> {
        private static final int FLUSH_BYTES = 64 << 10;

        private final OutputStream out;
        private final Codec<K> keys;
        private final Codec<V> values;
        private final ByteWriter pending = new ByteWriter(FLUSH_BYTES * 2);
        private final ByteWriter one = new ByteWriter();

        Frames(OutputStream out, Codec<K> keys, Codec<V> values) {
            this.out = out;
            this.keys = keys;
            this.values = values;
        }

        @Override
        public void write(K key, V value) throws IOException {
            frame(keys, key);
            frame(values, value);
            if (pending.length() >= FLUSH_BYTES) {
                flush();
            }
        }

        private <T> void frame(Codec<T> codec, T object) {
            one.clear();
            codec.encode(object, one);
            pending.writeVarInt(one.length());
            pending.write(one.array(), 0, one.length());
        }

        private void flush() throws IOException {
            out.write(pending.array(), 0, pending.length());
            pending.clear();
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
