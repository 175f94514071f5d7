package dev.sampo.internal.execute;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UserThreadsTest {
    private final UserThreads threads = new UserThreads("test", 2);
    private final CountDownLatch gate = new CountDownLatch(1);
    private final List<String> done = new CopyOnWriteArrayList<>();

    @AfterEach
    void endThreads() throws InterruptedException {
        gate.countDown();
        threads.close();
        assertThat(threads.awaitEnd(5_000)).isTrue();
    }

    private void waitAtGate() {
        try {
            assertThat(gate.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            done.add("interrupted");
        }
    }

    @Test
    void whatIsStartedInOneSlotRunsInOrderAndOtherSlotsGoOnMeanwhile() throws Exception {
        var unused = threads.start(1, this::waitAtGate);
        var unusedToo = threads.start(1, () -> done.add("second"));
        Future<?> last = threads.start(1, () -> done.add("third"));

        threads.start(2, () -> done.add("other slot")).get(30, TimeUnit.SECONDS);
        assertThat(done).containsExactly("other slot");
        gate.countDown();
        last.get(30, TimeUnit.SECONDS);
        assertThat(done).containsExactly("other slot", "second", "third");
    }

    @Test
    void anInterruptReachesOnlyWhatItWasMeantFor() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        Future<?> first = threads.start(1, () -> {
            begun.countDown();
            waitAtGate();
        });
        Future<?> waiting = threads.start(1, () -> done.add("was canceled before it began"));
        Future<?> last =
                threads.start(1, () -> done.add("flag " + Thread.currentThread().isInterrupted()));
        assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();

        waiting.cancel(true);
        first.cancel(true);

        last.get(30, TimeUnit.SECONDS);
        assertThat(done).containsExactly("interrupted", "flag false");
    }

    @Test
    void whatWaitsWhenThreadsAreRenewedRunsOnANewOne() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        var unused = threads.start(1, () -> {
            done.add(Thread.currentThread().getName());
            begun.countDown();
            waitAtGate();
        });
        Future<?> last = threads.start(1, () -> done.add(Thread.currentThread().getName()));
        assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();

        threads.renew();
        gate.countDown();

        last.get(30, TimeUnit.SECONDS);
        assertThat(done).hasSize(2).doesNotHaveDuplicates();
    }

    @Test
    void nothingBeginsAfterTheEnd() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        var unused = threads.start(1, () -> {
            begun.countDown();
            waitAtGate();
        });
        var unusedToo = threads.start(1, () -> done.add("began"));
        assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();

        threads.close();

        assertThat(threads.awaitEnd(5_000)).isTrue();
        assertThat(done).containsExactly("interrupted");
    }
}
