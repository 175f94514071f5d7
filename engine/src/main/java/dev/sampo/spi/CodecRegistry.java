package dev.sampo.spi;

/** Finds the codec of a class that a job names instead of a codec. Immutable and safe for many threads. */
public interface CodecRegistry {
    /**
     * Returns the order-preserving codec of keys of a class.
     *
     * @throws SampoException of {@link ErrorCode#CODEC_UNKNOWN} when there is none, naming the class and the known ones
     */
    <K> KeyCodec<K> keyCodec(Class<K> type);

    /**
     * Returns the codec of values of a class.
     *
     * @throws SampoException of {@link ErrorCode#CODEC_UNKNOWN} when there is none, naming the class and the known ones
     */
    <V> Codec<V> valueCodec(Class<V> type);
}
