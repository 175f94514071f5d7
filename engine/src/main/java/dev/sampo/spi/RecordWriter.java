package dev.sampo.spi;

import java.io.Closeable;
import java.io.IOException;

/**
 * Writes the records of one part in a format. Used by one thread.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public interface RecordWriter<K, V> extends Closeable {
    /** Writes one record. The objects may be views that change after the call. */
    void write(K key, V value) throws IOException;

    /** Writes what is held back and the end of the format. The stream below is closed by the engine. */
    @Override
    void close() throws IOException;
}
