package dev.sampo.internal.shuffle;

/** Tells which keys form one group for the reducer: those whose bytes agree up to the group length. */
@FunctionalInterface
public interface KeyGrouping {
    /** Every distinct key is a group. */
    KeyGrouping WHOLE = (key, offset, length) -> length;

    /** The keys were written by {@link CompositeKey}; those with the same first part are a group. */
    KeyGrouping PREFIX = CompositeKey::groupLength;

    /** Returns how many of the {@code length} bytes of {@code key} from {@code offset} tell its group. */
    int groupLength(byte[] key, int offset, int length);
}
