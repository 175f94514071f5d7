package dev.sampo.api;

import java.io.Serializable;
import java.util.Objects;

/**
 * A value that functions of a job read and that is too large to travel inside each of them: a dictionary, a model, the
 * small side of a join. Captured in a lambda or kept in a field, it is sent to each node once per job.
 *
 * <pre>{@code
 * Broadcast<Map<String, String>> names = Broadcast.of(table);
 * JobSpec.named("join").read(lines).map(String.class, Long.class, (line, out) ->
 *         out.emit(names.value().getOrDefault(line.toString(), "?"), 1L));
 * }</pre>
 *
 * <p>The value must be serializable, and is held to the same list of classes as functions are. On a node it is
 * deserialized once per job: all attempts of the job see the same object, at the same time, so they must not change it.
 * The value is taken when the job is submitted. Implemented by the engine only.
 *
 * @param <T> the type of the value
 */
public interface Broadcast<T> extends Serializable {
    /** Returns a broadcast of a value. The caller must not change the value before the job is submitted. */
    static <T extends Serializable> Broadcast<T> of(T value) {
        return new BroadcastValue<>(Objects.requireNonNull(value, "value"));
    }

    /**
     * Returns the value: the very object where it was made, the node's copy in a function that runs. Safe for many
     * threads.
     */
    T value();
}
