package dev.sampo.api;

import java.io.Serializable;

/**
 * A value where it was made. It never travels like this: the engine replaces it when it packs a job.
 *
 * @param value the value
 */
record BroadcastValue<T extends Serializable>(T value) implements Broadcast<T> {
    @Override
    public String toString() {
        return "Broadcast[" + value.getClass().getName() + "]";
    }
}
