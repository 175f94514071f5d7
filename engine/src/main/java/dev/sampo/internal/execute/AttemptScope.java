package dev.sampo.internal.execute;

import dev.sampo.api.Counter;
import dev.sampo.api.TaskContext;
import dev.sampo.internal.fault.FailureOrigin;
import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.protocol.NodeProtocol.Order;
import dev.sampo.spi.ReadOptions;
import dev.sampo.spi.RecordReader;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt in its thread knows of itself: its order, its node, where in the data it is, and what its functions
 * counted. Used by the attempt's thread, but for {@link #cancel} and {@link #permille}.
 */
final class AttemptScope implements TaskContext {
    private final Order order;
    private final JobFunctions functions;
    private final NodeServices node;
    private final Map<String, Tally> tallies = new HashMap<>();
    private @Nullable RecordReader<?> reader;
    private long keyNumber = -1;
    private boolean userCode;
    private @Nullable FailureOrigin failedAt;
    private volatile boolean canceled;
    private @Nullable Instant begun;
    /** The input in all, in bytes or records; 0 while it is not known. */
    private volatile long whole;
    /** Read by another thread every few seconds: it need not see the last value, and writing has to cost nothing. */
    private final AtomicLong done = new AtomicLong();

    AttemptScope(Order order, JobFunctions functions, NodeServices node) {
        this.order = order;
        this.functions = functions;
        this.node = node;
    }

    AttemptId attempt() {
        return order.attempt();
    }

    Order order() {
        return order;
    }

    JobFunctions functions() {
        return functions;
    }

    NodeServices node() {
        return node;
    }

    /** Returns a directory of this attempt alone, for spills; those who write there make it and delete it when empty. */
    Path temp() {
        return node.temp().resolve(attempt().task().job() + "-" + attempt().localName());
    }

    ReadOptions readOptions() {
        return new ReadOptions(functions.splitBytes(), node.settings().input().maxRecordBytes());
    }

    /** The work begins, on the attempt's thread. */
    void begin() {
        begun = node.clock().instant();
    }

    /** Returns how long the work has gone on: as exact as the node's clock. */
    long nanosSinceBegin() {
        Instant from = begun;
        return from == null
                ? 0
                : Math.max(0, Duration.between(from, node.clock().instant()).toNanos());
    }

    /** Says how much the input is in all, in the unit of {@link #done}. */
    void expect(long all) {
        whole = all;
    }

    /** Says how much of the input has been taken in. */
    void done(long soFar) {
        done.lazySet(soFar);
    }

    /** Returns the part of the input that has been taken in, 1 to 1000 of a thousand; 0 while that is not known. */
    int permille() {
        long all = whole;
        long soFar = done.get();
        return all <= 0 || soFar <= 0 ? 0 : (int) Math.max(1, Math.min(1000, 1000.0 * soFar / all));
    }

    /** From here on the position of a failure is that of {@code current}. */
    void reading(RecordReader<?> current) {
        this.reader = current;
    }

    /** From here on the position of a failure is the key of this number. */
    void reducing(long number) {
        this.keyNumber = number;
    }

    /** From here on a failure is that of user code. */
    void enterUserCode() {
        userCode = true;
    }

    /** From here on a failure is not that of user code. */
    void leaveUserCode() {
        userCode = false;
    }

    /** Notes that somebody wants the attempt stopped, so that what it throws from now on is not held against it. */
    void cancel() {
        canceled = true;
    }

    /** Ends the attempt when somebody wants it stopped. Called every now and then by loops over records. */
    void checkCanceled() throws InterruptedException {
        if (isCanceled()) {
            throw new InterruptedException("attempt " + attempt() + " was canceled");
        }
    }

    /** Notes that an emitter refused what it was given: user code may swallow that and go on, which moves the position. */
    void failedHere() {
        failedAt = position();
    }

    /** Returns whether somebody wants the attempt stopped. Cheap enough to ask for every record. */
    boolean isCanceled() {
        return canceled || Thread.currentThread().isInterrupted();
    }

    FailureOrigin origin() {
        FailureOrigin first = failedAt;
        return first != null ? first : position();
    }

    private FailureOrigin position() {
        RecordReader<?> current = reader;
        if (current == null && keyNumber >= 0 && userCode) {
            String keys = "partition " + taskIndex() + " of " + stageName();
            return new FailureOrigin(true, canceled, keys, keyNumber);
        }
        String path = current != null ? current.path() : "";
        // a reader that fails is at no record: the last one was fine, and of the next one its own message tells
        long offset = current != null && userCode ? current.offset() : -1;
        return new FailureOrigin(userCode, canceled, path, offset);
    }

    Map<String, Long> userCounters() {
        Map<String, Long> counts = new HashMap<>();
        tallies.forEach((name, tally) -> counts.put(name, tally.count));
        return counts;
    }

    @Override
    public String jobName() {
        return order.jobName();
    }

    @Override
    public String stageName() {
        return order.stageName();
    }

    @Override
    public int taskIndex() {
        return order.attempt().task().index();
    }

    @Override
    public int taskCount() {
        return order.taskCount();
    }

    @Override
    public int attemptNumber() {
        return order.attempt().number();
    }

    @Override
    public Counter counter(String name) {
        return tallies.computeIfAbsent(name, ignored -> new Tally());
    }

    @Override
    public String inputPath() {
        RecordReader<?> current = reader;
        return current != null ? current.path() : "";
    }

    @Override
    public long inputOffset() {
        RecordReader<?> current = reader;
        return current != null ? current.offset() : keyNumber;
    }

    private static final class Tally implements Counter {
        private long count;

        @Override
        public void add(long amount) {
            count = Math.addExact(count, amount);
        }
    }
}
