package dev.sampo.internal.execute;

import dev.sampo.api.JobSpec;
import dev.sampo.api.JobSpec.Partitioning;
import dev.sampo.api.Partitioner;
import dev.sampo.api.SortKey;
import dev.sampo.internal.model.RangeBoundaries;
import dev.sampo.internal.shuffle.CompositeKey;
import dev.sampo.internal.shuffle.KeyGrouping;
import dev.sampo.internal.shuffle.KeyHash;
import dev.sampo.internal.shuffle.MapOutputBuffer;
import dev.sampo.internal.shuffle.ShuffleSpec;
import dev.sampo.internal.shuffle.ValueFold;
import dev.sampo.spi.ByteWriter;
import dev.sampo.spi.Codec;
import dev.sampo.spi.CodecRegistry;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.KeyCodec;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Encodes what a function emits, finds its partition, and puts it into the output buffer of the attempt. */
final class ShuffleEmitter<K, V> extends GuardedEmitter<K, V> {
    private final KeyCodec<K> keyCodec;
    private final Codec<V> valueCodec;
    private final Partitioning partitioning;
    private final @Nullable Partitioner<? super K> partitioner;
    private final @Nullable SortKeyEncoder<V, ?> order;
    private final RangeBoundaries boundaries;
    private final int partitions;
    private final MapOutputBuffer buffer;
    private final ByteWriter keyBytes = new ByteWriter();
    private final ByteWriter valueBytes = new ByteWriter();
    private final ByteWriter composite = new ByteWriter();

    private ShuffleEmitter(
            AttemptScope scope,
            JobSpec.Stage<K, V, ?, ?> stage,
            int partitions,
            RangeBoundaries boundaries,
            long memoryBytes) {
        super(scope);
        CodecRegistry codecs = scope.node().codecs();
        this.keyCodec = stage.keyType().keyCodec(codecs);
        this.valueCodec = stage.valueType().valueCodec(codecs);
        this.partitioning = stage.partitioning();
        this.partitioner = stage.partitioner();
        this.order = stage.valueOrder() == null ? null : SortKeyEncoder.of(stage.valueOrder(), codecs);
        this.boundaries = boundaries;
        this.partitions = partitions;
        ValueFold fold = stage.combiner() == null ? null : ValueFold.of(stage.combiner(), valueCodec);
        this.buffer = new MapOutputBuffer(
                new ShuffleSpec(partitions, fold, grouping(stage)),
                scope.node().shuffleSettings(),
                memoryBytes,
                scope.temp(),
                scope.attempt().task().job() + "-" + scope.attempt().localName());
    }

    static <K, V> ShuffleEmitter<K, V> of(
            AttemptScope scope,
            JobSpec.Stage<K, V, ?, ?> stage,
            int partitions,
            RangeBoundaries boundaries,
            long memoryBytes) {
        return new ShuffleEmitter<>(scope, stage, partitions, boundaries, memoryBytes);
    }

    /** Returns how the keys of a stage are grouped: those with a secondary sort carry it behind the key. */
    static KeyGrouping grouping(JobSpec.Stage<?, ?, ?, ?> stage) {
        return stage.valueOrder() == null ? KeyGrouping.WHOLE : KeyGrouping.PREFIX;
    }

    MapOutputBuffer buffer() {
        return buffer;
    }

    @Override
    void take(K key, V value) throws IOException {
        keyBytes.clear();
        keyCodec.encode(key, keyBytes);
        valueBytes.clear();
        valueCodec.encode(value, valueBytes);
        byte[] keys = keyBytes.array();
        int keyLength = keyBytes.length();
        if (partitioning == Partitioning.HASH && order == null) {
            long hash = KeyHash.hash(keys, 0, keyLength);
            buffer.add(
                    KeyHash.partition(hash, partitions),
                    hash,
                    keys,
                    0,
                    keyLength,
                    valueBytes.array(),
                    0,
                    valueBytes.length());
            return;
        }
        int partition = partitionOf(key, keys, keyLength);
        if (order != null) {
            composite.clear();
            order.append(composite, keyBytes, value);
            keys = composite.array();
            keyLength = composite.length();
        }
        buffer.add(partition, keys, 0, keyLength, valueBytes.array(), 0, valueBytes.length());
    }

    @Override
    SampoException explain(Exception thrown) {
        return new SampoException(ErrorCode.SPILL_FAILED, "a record could not be stored: " + thrown, thrown);
    }

    private int partitionOf(K key, byte[] bytes, int length) {
        switch (partitioning) {
            case HASH:
                return KeyHash.partition(KeyHash.hash(bytes, 0, length), partitions);
            case RANGE:
                return boundaries.partitionOf(bytes, 0, length);
            case CUSTOM:
                int partition = Objects.requireNonNull(partitioner).partition(key, partitions);
                if (partition < 0 || partition >= partitions) {
                    throw new SampoException(
                            ErrorCode.PARTITION_OUT_OF_RANGE,
                            "the partitioner returned " + partition + " for key " + key + "; expected 0 to "
                                    + (partitions - 1));
                }
                return partition;
        }
        throw new IllegalStateException("partitioning " + partitioning);
    }

    /** Puts the sort key of a value behind its key. */
    private static final class SortKeyEncoder<V, S> {
        private final KeyCodec<S> codec;
        private final SortKey<V, S> extractor;
        private final ByteWriter sortBytes = new ByteWriter();

        private SortKeyEncoder(KeyCodec<S> codec, SortKey<V, S> extractor) {
            this.codec = codec;
            this.extractor = extractor;
        }

        static <V, S> SortKeyEncoder<V, S> of(JobSpec.ValueOrder<V, S> order, CodecRegistry codecs) {
            return new SortKeyEncoder<>(order.type().keyCodec(codecs), order.extractor());
        }

        void append(ByteWriter out, ByteWriter key, V value) {
            sortBytes.clear();
            codec.encode(extractor.of(value), sortBytes);
            CompositeKey.write(out, key.array(), 0, key.length(), sortBytes.array(), 0, sortBytes.length());
        }
    }
}
