package dev.sampo.internal.model;

import dev.sampo.api.Broadcast;

/**
 * A broadcast value as it travels in a function: by the blob it is in.
 *
 * @param digest the digest of the blob
 */
public record BroadcastRef<T>(String digest) implements Broadcast<T> {
    @Override
    public T value() {
        throw new IllegalStateException("broadcast " + digest + " is on its way; expected to be asked in a function");
    }
}
