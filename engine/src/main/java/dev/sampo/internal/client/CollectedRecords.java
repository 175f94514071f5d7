package dev.sampo.internal.client;

import dev.sampo.api.OutputPart;
import dev.sampo.api.Pair;
import dev.sampo.spi.Codec;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Reads the parts of a collected result one after the other. Used by one thread. */
final class CollectedRecords<K, V> implements Iterator<Pair<K, V>>, AutoCloseable {
    private final Iterator<OutputPart> parts;
    private final CommittedResult.PartSource source;
    private final Codec<K> keys;
    private final Codec<V> values;
    private @Nullable DataInputStream current;
    private @Nullable OutputPart part;
    private @Nullable Pair<K, V> next;

    CollectedRecords(List<OutputPart> parts, CommittedResult.PartSource source, Codec<K> keys, Codec<V> values) {
        this.parts = parts.iterator();
        this.source = source;
        this.keys = keys;
        this.values = values;
    }

    @Override
    public boolean hasNext() {
        try {
            while (next == null) {
                DataInputStream in = current;
                int length = in == null ? -1 : readLength(in);
                if (in == null || length < 0) {
                    close();
                    if (!parts.hasNext()) {
                        return false;
                    }
                    OutputPart opened = parts.next();
                    part = opened;
                    current = new DataInputStream(new BufferedInputStream(source.open(opened), 1 << 16));
                    continue;
                }
                K key = decode(keys, in, length);
                int valueLength = readLength(in);
                if (valueLength < 0) {
                    throw new EOFException("a key without a value");
                }
                next = Pair.of(key, decode(values, in, valueLength));
            }
            return true;
        } catch (IOException e) {
            String name = part == null ? "" : part.name() + " ";
            throw new SampoException(
                    ErrorCode.DATA_CORRUPT, "part " + name + "of the result cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public Pair<K, V> next() {
        if (!hasNext() || next == null) {
            throw new NoSuchElementException("the result has no more records");
        }
        Pair<K, V> result = next;
        next = null;
        return result;
    }

    @Override
    public void close() throws IOException {
        DataInputStream in = current;
        current = null;
        if (in != null) {
            in.close();
        }
    }

    private static <T> T decode(Codec<T> codec, DataInputStream in, int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException(bytes.length + " bytes; expected " + length);
        }
        return codec.decode(bytes, 0, length);
    }

    /** Returns -1 at the end of the file. */
    private static int readLength(DataInputStream in) throws IOException {
        int first = in.read();
        if (first < 0) {
            return -1;
        }
        int value = first & 0x7F;
        for (int shift = 7; (first & 0x80) != 0; shift += 7) {
            first = in.readUnsignedByte();
            value |= (first & 0x7F) << shift;
        }
        return value;
    }
}
