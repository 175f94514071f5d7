package dev.sampo.internal.execute;

import dev.sampo.api.Emitter;
import dev.sampo.api.TaskContext;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import org.jspecify.annotations.Nullable;

/**
 * An emitter that refuses null, and whose first failure is final: a function that swallows the exception of an emit
 * still fails its attempt, for a record would be missing.
 */
abstract class GuardedEmitter<K, V> implements Emitter<K, V> {
    private final AttemptScope scope;
    private @Nullable Throwable failure;

    GuardedEmitter(AttemptScope scope) {
        this.scope = scope;
    }

    /** Takes one record, neither part null. */
    abstract void take(K key, V value) throws Exception;

    @Override
    public final void emit(K key, V value) {
        if (key == null || value == null) {
            throw fail(new SampoException(
                    ErrorCode.NULL_EMITTED,
                    scope.stageName() + " emitted " + (key == null ? "null as key" : "null as value of key " + key)
                            + "; expected neither to be null"));
        }
        try {
            take(key, value);
        } catch (RuntimeException e) {
            throw fail(e);
        } catch (Error e) {
            throw fail(e);
        } catch (Exception e) {
            throw fail(explain(e));
        }
    }

    /** Returns what a checked exception of {@link #take} means. */
    abstract SampoException explain(Exception thrown);

    @Override
    public final TaskContext context() {
        return scope;
    }

    /** Throws what failed first, if anything did. */
    final void check() throws Exception {
        Throwable first = failure;
        if (first instanceof Error error) {
            throw error;
        }
        if (first instanceof Exception exception) {
            throw exception;
        }
    }

    private <T extends Throwable> T fail(T thrown) {
        if (failure == null) {
            failure = thrown;
            scope.failedHere();
        }
        return thrown;
    }
}
