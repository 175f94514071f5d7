package dev.sampo.internal.execute;

import dev.sampo.api.JobSpec;
import dev.sampo.api.Mapper;
import dev.sampo.internal.fault.FaultPoint;
import dev.sampo.internal.model.RangeBoundaries;
import dev.sampo.internal.model.TaskCounters;
import dev.sampo.internal.protocol.NodeProtocol.LaunchMapAttempt;
import dev.sampo.internal.shuffle.MapOutput;
import dev.sampo.internal.shuffle.MapOutputBuffer;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.RecordReader;
import dev.sampo.spi.SampoException;
import dev.sampo.spi.Split;
import java.io.IOException;

/** The work of a map attempt: reads a split, maps, combines, partitions and sorts, and leaves the output with the node. */
final class MapRunner implements AttemptWork {
    private final LaunchMapAttempt launch;

    MapRunner(LaunchMapAttempt launch) {
        this.launch = launch;
    }

    @Override
    public Outcome run(AttemptScope scope) throws Exception {
        return map(
                scope,
                scope.functions().input(launch.input()),
                scope.functions().stage(0));
    }

    @SuppressWarnings("unchecked") // JobSpec's builder gave input and stage the same types
    private <I, K, V> Outcome map(AttemptScope scope, JobSpec.Input<I, ?, ?> input, JobSpec.Stage<K, V, ?, ?> stage)
            throws Exception {
        ShuffleEmitter<K, V> emitter = ShuffleEmitter.of(
                scope,
                stage,
                launch.partitions(),
                new RangeBoundaries(launch.boundaries()),
                scope.node().attemptMemoryBytes());
        Mapper<? super I, K, V> mapper = (Mapper<? super I, K, V>) input.mapper();
        try (MapOutputBuffer buffer = emitter.buffer();
                RecordReader<I> reader = open(scope, input, launch.split())) {
            scope.reading(reader);
            scope.expect(launch.split().bytes());
            long records = feed(scope, reader, mapper, emitter);
            scope.node().faults().onAttempt(scope.attempt(), FaultPoint.FINISHING, records);
            MapOutput output = buffer.finish();
            long bytes = output.storedBytes();
            scope.node().segments().put(scope.attempt(), output);
            return new Outcome.Held(
                    new TaskCounters(
                            records,
                            reader.bytesRead(),
                            buffer.recordsOut(),
                            buffer.bytesOut(),
                            buffer.combined(),
                            buffer.spills(),
                            buffer.spilledBytes(),
                            0,
                            scope.userCounters()),
                    bytes,
                    scope.nanosSinceBegin());
        }
    }

    static <I> RecordReader<I> open(AttemptScope scope, JobSpec.Input<I, ?, ?> input, Split split) throws Exception {
        try {
            return input.source().open(split, scope.readOptions());
        } catch (SampoException known) {
            throw known;
        } catch (RuntimeException | Error failure) {
            throw misbehaved(input.source(), failure);
        }
    }

    private static boolean next(RecordReader<?> reader) throws IOException {
        try {
            return reader.next();
        } catch (SampoException known) {
            throw known;
        } catch (RuntimeException | Error failure) {
            throw misbehaved(reader, failure);
        }
    }

    /** An input may be of a user's own: what it throws is no defect of the engine. */
    private static SampoException misbehaved(Object input, Throwable failure) {
        return new SampoException(
                ErrorCode.USER_CODE_FAILED,
                "An input of the job, " + input.getClass().getName() + ", threw " + failure,
                failure);
    }

    /** Maps every record of a reader, with set-up and close. Returns how many there were. */
    static <I, K, V> long feed(
            AttemptScope scope, RecordReader<I> reader, Mapper<? super I, K, V> mapper, GuardedEmitter<K, V> emitter)
            throws Exception {
        scope.enterUserCode();
        mapper.open(scope);
        scope.leaveUserCode();
        long records = 0;
        while (next(reader)) {
            scope.checkCanceled();
            if ((records & 0x3FF) == 0) {
                scope.node().faults().onAttempt(scope.attempt(), FaultPoint.RECORD_MAPPED, records);
            }
            if ((records & 0xF) == 0) {
                scope.done(reader.bytesRead());
            }
            records++;
            scope.enterUserCode();
            mapper.map(reader.record(), emitter);
            scope.leaveUserCode();
        }
        scope.enterUserCode();
        mapper.close(emitter);
        scope.leaveUserCode();
        emitter.check();
        return records;
    }
}
