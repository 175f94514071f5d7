package dev.sampo.internal.execute;

import dev.sampo.api.Broadcast;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The broadcast values of one job on this node, each read when it is first asked for. Safe for many threads. */
final class JobBroadcasts {
    private final Map<String, Value<?>> values = new ConcurrentHashMap<>();
    private final Function<String, Object> reader;

    /**
     * Creates an empty set.
     *
     * @param reader reads the value in the blob of a digest
     */
    JobBroadcasts(Function<String, Object> reader) {
        this.reader = reader;
    }

    Broadcast<?> of(String digest) {
        return values.computeIfAbsent(digest, known -> new Value<>(known, reader));
    }

    /** One value. It is written nowhere: functions do not travel on from a node. */
    @SuppressWarnings("serial") // see writeReplace
    private static final class Value<T> implements Broadcast<T> {
        private final String digest;
        private final Function<String, Object> reader;
        private @Nullable T value;

        Value(String digest, Function<String, Object> reader) {
            this.digest = digest;
            this.reader = reader;
        }

        @Override
        @SuppressWarnings("unchecked") // it was written as a Broadcast<T>
        public synchronized T value() {
            T known = value;
            if (known == null) {
                known = (T) reader.apply(digest);
                value = known;
            }
            return known;
        }

        private Object writeReplace() {
            throw new SampoException(
                    ErrorCode.JOB_NOT_SERIALIZABLE, "a broadcast value on a node; expected not to be serialized there");
        }
    }
}
