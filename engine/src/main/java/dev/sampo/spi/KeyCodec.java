package dev.sampo.spi;

/**
 * A codec whose bytes keep the order of the keys: the unsigned lexicographic order of two encodings is the order of
 * the two keys, and equal keys have equal bytes. Hashing, partitioning, sorting, merging and grouping work on these
 * bytes and never decode a key.
 *
 * @param <T> the type of the keys
 */
public interface KeyCodec<T> extends Codec<T> {}
