package dev.sampo.internal.transfer;

import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who answers what, and the threads they answer on: event loops must not wait for a disk or a handler. What is found or
 * answered, or the error, is handed back on those threads.
 */
final class Answerers {
    private static final Logger LOG = LoggerFactory.getLogger(Answerers.class);
    private static final int THREADS = 4;
    private static final int WAITING = 1024;

    private final Map<String, ContentSource> sources;
    private final Map<String, NoticeHandler> notices;
    private final ThreadPoolExecutor finders = pool("sampo-data-find");
    private final ThreadPoolExecutor handlers = pool("sampo-data-notice");

    Answerers(Map<String, ContentSource> sources, Map<String, NoticeHandler> notices) {
        this.sources = Map.copyOf(sources);
        this.notices = Map.copyOf(notices);
    }

    private static ThreadPoolExecutor pool(String name) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                10,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING),
                new DefaultThreadFactory(name, true));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** Finds the content of a name; hands back one of content and error. */
    void find(String kind, String name, BiConsumer<@Nullable Content, @Nullable SampoException> then) {
        ContentSource source = sources.get(kind);
        if (source == null) {
            then.accept(null, unknown(kind, "bytes", sources));
            return;
        }
        run(finders, then, () -> {
            Content content = source.find(name);
            if (content == null) {
                throw new SampoException(
                        ErrorCode.FETCH_FAILED, "this node does not have " + kind + " " + Frames.shown(name));
            }
            return content;
        });
    }

    /** Answers a notice; hands back one of answer and error. */
    void answer(String kind, byte[] payload, BiConsumer<byte @Nullable [], @Nullable SampoException> then) {
        NoticeHandler handler = notices.get(kind);
        if (handler == null) {
            then.accept(null, unknown(kind, "notices", notices));
            return;
        }
        run(handlers, then, () -> {
            byte[] answer = handler.answer(payload);
            if (answer.length > TransferLimits.LARGEST_NOTICE) {
                throw new SampoException(
                        ErrorCode.INTERNAL,
                        "the answer to " + kind + " has " + answer.length + " bytes; expected at most "
                                + TransferLimits.LARGEST_NOTICE);
            }
            return answer;
        });
    }

    private static SampoException unknown(String kind, String what, Map<String, ?> known) {
        return new SampoException(
                ErrorCode.FETCH_FAILED,
                "this node serves no " + what + " of kind \"" + Frames.shown(kind) + "\"; expected one of "
                        + known.keySet().stream().sorted().toList());
    }

    private interface Work<T> {
        T call() throws Exception;
    }

    private static <T> void run(
            ThreadPoolExecutor pool, BiConsumer<@Nullable T, @Nullable SampoException> then, Work<T> work) {
        try {
            pool.execute(() -> {
                T result;
                try {
                    result = work.call();
                } catch (SampoException told) {
                    then.accept(null, told);
                    return;
                } catch (Exception e) {
                    LOG.warn("A request from another node could not be answered", e);
                    then.accept(null, new SampoException(ErrorCode.FETCH_FAILED, e.toString(), e));
                    return;
                }
                then.accept(result, null);
            });
        } catch (RejectedExecutionException full) {
            then.accept(
                    null,
                    new SampoException(
                            ErrorCode.NO_ANSWER,
                            pool.isShutdown()
                                    ? "this node is closing"
                                    : "this node has " + WAITING + " requests waiting; expected fewer",
                            full));
        }
    }

    void close() {
        finders.shutdownNow();
        handlers.shutdownNow();
    }
}
