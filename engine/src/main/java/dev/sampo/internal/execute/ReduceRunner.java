package dev.sampo.internal.execute;

import dev.sampo.api.JobSpec;
import dev.sampo.api.PairMapper;
import dev.sampo.api.Reducer;
import dev.sampo.internal.fault.FaultPoint;
import dev.sampo.internal.model.HeldResult;
import dev.sampo.internal.model.PartFile;
import dev.sampo.internal.model.RangeBoundaries;
import dev.sampo.internal.model.TaskCounters;
import dev.sampo.internal.output.AttemptOutput;
import dev.sampo.internal.output.OutputCommitter;
import dev.sampo.internal.protocol.NodeProtocol.LaunchReduceAttempt;
import dev.sampo.internal.shuffle.CompositeKey;
import dev.sampo.internal.shuffle.MapOutput;
import dev.sampo.internal.shuffle.MapOutputBuffer;
import dev.sampo.internal.shuffle.Segment;
import dev.sampo.internal.shuffle.SegmentMerger;
import dev.sampo.internal.shuffle.ShuffleSpec;
import dev.sampo.internal.shuffle.ValueFold;
import dev.sampo.spi.ByteWriter;
import dev.sampo.spi.Codec;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.KeyCodec;
import dev.sampo.spi.OutputSink;
import dev.sampo.spi.RecordWriter;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The work of a reduce attempt: merges the segments of a partition and reduces key by key; into an attempt-private part
 * in the last stage, else through the next mapper into the next shuffle.
 */
final class ReduceRunner implements AttemptWork {
    private final LaunchReduceAttempt launch;
    private volatile @Nullable AttemptOutput written;

    ReduceRunner(LaunchReduceAttempt launch) {
        this.launch = launch;
    }

    @Override
    public Outcome run(AttemptScope scope) throws Exception {
        JobSpec.Stage<?, ?, ?, ?> stage = scope.functions().stage(launch.shuffle());
        return launch.nextPartitions() == 0
                ? reduceToPart(scope, stage, scope.functions().sink())
                : reduceToShuffle(scope, stage, scope.functions().stage(launch.shuffle() + 1));
    }

    @Override
    public void discard() {
        AttemptOutput output = written;
        if (output != null) {
            output.abort();
        }
    }

    @SuppressWarnings("unchecked") // JobSpec's builder gave stage and sink the same types
    private <K, V, K2, V2> Outcome reduceToPart(
            AttemptScope scope, JobSpec.Stage<K, V, K2, V2> stage, OutputSink<?, ?> untypedSink) throws Exception {
        OutputSink<K2, V2> sink = (OutputSink<K2, V2>) untypedSink;
        boolean held = HeldResult.isHeld(sink.directory());
        try (AttemptOutput output = held ? HeldParts.open(scope, sink.extension()) : open(scope, sink);
                SegmentMerger merger = merger(scope, stage, scope.node().attemptMemoryBytes())) {
            PartEmitter<K2, V2> emitter;
            try (RecordWriter<K2, V2> writer = sink.open(output.stream())) {
                emitter = new PartEmitter<>(scope, writer);
                reduce(scope, merger, stage, emitter);
            }
            scope.node().faults().onAttempt(scope.attempt(), FaultPoint.FINISHING, emitter.records);
            PartFile part = output.finish(emitter.records);
            if (held) {
                deliver(scope, part, output);
            } else {
                written = output;
            }
            return new Outcome.Written(part, counters(scope, merger, emitter.records, part.bytes(), null));
        }
    }

    private static AttemptOutput open(AttemptScope scope, OutputSink<?, ?> sink) {
        return new OutputCommitter(
                        sink.directory(),
                        scope.node().settings().output(),
                        scope.node().faults())
                .open(scope.attempt(), scope.taskIndex(), sink.extension());
    }

    private void deliver(AttemptScope scope, PartFile part, AttemptOutput output)
            throws IOException, InterruptedException {
        try {
            scope.node().results().deliver(launch.results(), scope.attempt(), part, output.file());
        } catch (IOException e) {
            throw new SampoException(
                    ErrorCode.NO_ANSWER,
                    "part " + part.partition() + " of the result could not be handed to the seed at " + launch.results()
                            + ": " + e.getMessage(),
                    e);
        } finally {
            output.abort(); // the seed has a copy, or the attempt fails
        }
    }

    private <K, V, K2, V2, K3, V3> Outcome reduceToShuffle(
            AttemptScope scope, JobSpec.Stage<K, V, K2, V2> stage, JobSpec.Stage<K3, V3, ?, ?> nextStage)
            throws Exception {
        long memory = scope.node().attemptMemoryBytes() / 2;
        ShuffleEmitter<K3, V3> shuffled =
                ShuffleEmitter.of(scope, nextStage, launch.nextPartitions(), RangeBoundaries.NONE, memory);
        @SuppressWarnings("unchecked") // JobSpec's builder gave both stages the same types
        PairMapper<? super K2, ? super V2, K3, V3> mapper =
                (PairMapper<? super K2, ? super V2, K3, V3>) Objects.requireNonNull(stage.next());
        try (MapOutputBuffer buffer = shuffled.buffer();
                SegmentMerger merger = merger(scope, stage, memory)) {
            scope.enterUserCode();
            mapper.open(scope);
            scope.leaveUserCode();
            reduce(scope, merger, stage, new ChainEmitter<>(scope, mapper, shuffled));
            scope.enterUserCode();
            mapper.close(shuffled);
            scope.leaveUserCode();
            shuffled.check();
            MapOutput output = buffer.finish();
            long bytes = output.storedBytes();
            scope.node().segments().put(scope.attempt(), output);
            return new Outcome.Held(
                    counters(scope, merger, buffer.recordsOut(), buffer.bytesOut(), buffer),
                    bytes,
                    scope.nanosSinceBegin());
        }
    }

    private static TaskCounters counters(
            AttemptScope scope,
            SegmentMerger merger,
            long recordsOut,
            long bytesOut,
            @Nullable MapOutputBuffer buffer) {
        return new TaskCounters(
                merger.recordsRead(),
                merger.bytesRead(),
                recordsOut,
                bytesOut,
                buffer == null ? 0 : buffer.combined(),
                merger.spills() + (buffer == null ? 0 : buffer.spills()),
                merger.spilledBytes() + (buffer == null ? 0 : buffer.spilledBytes()),
                0,
                scope.userCounters());
    }

    private <K, V, K2, V2> void reduce(
            AttemptScope scope, SegmentMerger merger, JobSpec.Stage<K, V, K2, V2> stage, GuardedEmitter<K2, V2> emitter)
            throws Exception {
        KeyCodec<K> keys = stage.keyType().keyCodec(scope.node().codecs());
        Codec<V> codec = stage.valueType().valueCodec(scope.node().codecs());
        GroupValues<V> values = new GroupValues<>(scope, merger, codec);
        Reducer<? super K, V, K2, V2> reducer = stage.reducer();
        @Nullable ByteWriter plain = stage.valueOrder() == null ? null : new ByteWriter();
        scope.enterUserCode();
        reducer.open(scope);
        scope.leaveUserCode();
        scope.expect(merger.recordsInAll());
        for (long group = 0; merger.nextGroup(); group++) {
            scope.checkCanceled();
            scope.done(merger.recordsRead());
            if ((group & 0x3FF) == 0) {
                scope.node().faults().onAttempt(scope.attempt(), FaultPoint.KEY_REDUCED, group);
            }
            scope.reducing(group);
            values.nextGroup();
            K key = decodeKey(keys, merger, plain);
            scope.enterUserCode();
            reducer.reduce(key, values, emitter);
            scope.leaveUserCode();
        }
        scope.enterUserCode();
        reducer.close(emitter);
        scope.leaveUserCode();
        emitter.check();
    }

    private static <K> K decodeKey(KeyCodec<K> keys, SegmentMerger merger, @Nullable ByteWriter plain) {
        if (plain == null) {
            return keys.decode(merger.keyArray(), merger.keyOffset(), merger.keyLength());
        }
        plain.clear();
        CompositeKey.readKey(plain, merger.keyArray(), merger.keyOffset(), merger.keyLength());
        return keys.decode(plain.array(), 0, plain.length());
    }

    private <K, V> SegmentMerger merger(AttemptScope scope, JobSpec.Stage<K, V, ?, ?> stage, long memory)
            throws Exception {
        ValueFold fold = stage.combiner() == null
                ? null
                : ValueFold.of(
                        stage.combiner(),
                        stage.valueType().valueCodec(scope.node().codecs()));
        List<Segment> segments = new SegmentLocator(scope, launch.inputs()).segments(scope.taskIndex());
        return new SegmentMerger(
                segments,
                new ShuffleSpec(1, fold, ShuffleEmitter.grouping(stage)),
                scope.node().shuffleSettings(),
                memory,
                scope.temp());
    }

    /** Writes to the part. */
    private static final class PartEmitter<K, V> extends GuardedEmitter<K, V> {
        private final RecordWriter<K, V> writer;
        private long records;

        PartEmitter(AttemptScope scope, RecordWriter<K, V> writer) {
            super(scope);
            this.writer = writer;
        }

        @Override
        void take(K key, V value) throws Exception {
            writer.write(key, value);
            records++;
        }

        @Override
        SampoException explain(Exception thrown) {
            return new SampoException(
                    ErrorCode.OUTPUT_UNWRITABLE, "a record could not be written to the part: " + thrown, thrown);
        }
    }

    /** Hands to the mapper of the next shuffle. */
    private static final class ChainEmitter<K, V, K2, V2> extends GuardedEmitter<K, V> {
        private final PairMapper<? super K, ? super V, K2, V2> mapper;
        private final GuardedEmitter<K2, V2> next;

        ChainEmitter(AttemptScope scope, PairMapper<? super K, ? super V, K2, V2> mapper, GuardedEmitter<K2, V2> next) {
            super(scope);
            this.mapper = mapper;
            this.next = next;
        }

        @Override
        void take(K key, V value) throws Exception {
            mapper.map(key, value, next);
        }

        @Override
        SampoException explain(Exception thrown) {
            return new SampoException(
                    ErrorCode.USER_CODE_FAILED, "The mapper to the next shuffle threw " + thrown, thrown);
        }
    }
}
