package dev.sampo;

import static dev.sampo.EngineFixture.collect;
import static dev.sampo.EngineFixture.engine;
import static dev.sampo.EngineFixture.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sampo.api.Emitter;
import dev.sampo.api.JobHandle;
import dev.sampo.api.JobSpec;
import dev.sampo.api.Mapper;
import dev.sampo.api.Reducers;
import dev.sampo.io.MemoryInput;
import dev.sampo.spi.ErrorCode;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Several jobs on the same slots. What one waits for is counted in tasks of the other, not in seconds. */
final class FairSharingTest {
    private static final int TASKS = 40;

    @Test
    void aSmallJobBehindALargeOneStartsWithinOneTask() throws Exception {
        try (Sampo engine = engine("sampo.slots = 1")) {
            Gate.reset();
            JobHandle<Integer, Long> large = engine.submit(job("large", TASKS, new Gated()));
            await().atMost(Duration.ofSeconds(30)).until(() -> Gate.STARTED.get() == 1);
            JobHandle<Integer, Long> small = engine.submit(job("small", 1, new Ungated()));
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> !small.progress().stages().isEmpty());
            // One task of the large job ends, and the next one that starts is the small one's.
            while (Gate.OTHERS.get() == 0) {
                int before = Gate.STARTED.get();
                Gate.PERMITS.release();
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> Gate.STARTED.get() > before || Gate.OTHERS.get() > 0);
            }
            // Its plan, too, had to wait for one task of the other.
            assertThat(Gate.STARTED.get())
                    .as("tasks of the large job until then")
                    .isLessThanOrEqualTo(4);
            Gate.PERMITS.release(TASKS);
            small.await().close();
            large.await().close();
        }
    }

    @Test
    void aJobOfAnUnknownQueueIsRefusedWithTheList() {
        try (Sampo engine = engine("sampo.queues.nightly.weight = 2")) {
            assertThat(failureOf(
                            engine.submit(job("lost", 1, new Ungated()).withQueue("nigthly")), ErrorCode.QUEUE_UNKNOWN))
                    .contains("queue nigthly is not known; expected one of default, nightly");
        }
    }

    @Test
    void aJobTooManyIsRefusedAndTakenWhenAnotherHasEnded() throws Exception {
        try (Sampo engine = engine("sampo.queues.max-queued-jobs = 1, sampo.slots = 1")) {
            Gate.reset();
            JobHandle<Integer, Long> first = engine.submit(job("first", 1, new Gated()));
            await().atMost(Duration.ofSeconds(30)).until(() -> Gate.STARTED.get() == 1);
            assertThat(failureOf(engine.submit(job("second", 1, new Ungated())), ErrorCode.QUEUE_FULL))
                    .contains("1 jobs wait or run; expected fewer than 1");
            Gate.PERMITS.release();
            first.await().close();
            assertThat(collect(engine, job("third", 1, new Ungated()).withPriority(3)))
                    .hasSize(1);
        }
    }

    private static JobSpec<Integer, Long> job(String name, int tasks, Mapper<Integer, Integer, Long> mapper) {
        return JobSpec.named(name)
                .read(MemoryInput.of(IntStream.range(0, tasks).boxed().toList()))
                .map(Integer.class, Long.class, mapper)
                .partitions(1)
                .reduce(Integer.class, Long.class, Reducers.sumLong())
                .collect()
                .withSplitBytes(1);
    }

    /** Shared by the engine's threads and the test, which are in one JVM. */
    private static final class Gate {
        static final AtomicInteger STARTED = new AtomicInteger();
        static final AtomicInteger OTHERS = new AtomicInteger();
        static final Semaphore PERMITS = new Semaphore(0);

        private Gate() {}

        static void reset() {
            STARTED.set(0);
            OTHERS.set(0);
            PERMITS.drainPermits();
        }
    }

    private static final class Gated implements Mapper<Integer, Integer, Long> {
        private static final long serialVersionUID = 1;

        @Override
        public void map(Integer record, Emitter<Integer, Long> out) throws Exception {
            Gate.STARTED.incrementAndGet();
            Gate.PERMITS.acquire();
            out.emit(record, 1L);
        }
    }

    private static final class Ungated implements Mapper<Integer, Integer, Long> {
        private static final long serialVersionUID = 1;

        @Override
        public void map(Integer record, Emitter<Integer, Long> out) {
            Gate.OTHERS.incrementAndGet();
            out.emit(record, 1L);
        }
    }
}
