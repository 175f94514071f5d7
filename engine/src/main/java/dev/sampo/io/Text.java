package dev.sampo.io;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.StreamCorruptedException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A view on bytes that are mostly UTF-8. It can be pointed at other bytes again and again, so that reading a line and
 * taking a word out of it allocates nothing. The bytes are never checked: what is not UTF-8 passes through unchanged.
 *
 * <p>Equality, hash code and order are those of the bytes, unsigned; for well-formed UTF-8 that is the order of the
 * code points. An object in a hash table or a sorted collection must not be pointed elsewhere: put a {@link #copy}
 * there. Not safe for use by several threads while one of them changes it.
 */
public final class Text implements Comparable<Text>, Serializable {
    private static final long serialVersionUID = 1;
    private static final byte[] NONE = {};

    /** An odd number with evenly spread bits: 2^64 divided by the golden ratio (Knuth, TAOCP 3, section 6.4). */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private transient byte[] array;
    private transient int offset;
    private transient int length;

    /** Creates an empty text. */
    public Text() {
        array = NONE;
    }

    /** Returns a new empty text. */
    public static Text empty() {
        return new Text();
    }

    /** Returns the UTF-8 bytes of a string; an unpaired surrogate becomes {@code ?}. */
    public static Text of(String string) {
        return of(string.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns a view on all of {@code bytes}, without a copy. */
    public static Text of(byte[] bytes) {
        return new Text().set(bytes, 0, bytes.length);
    }

    /**
     * Points this text at {@code length} bytes of {@code array} from {@code offset}, without a copy.
     *
     * @return this text
     * @throws IndexOutOfBoundsException when the array is shorter
     */
    public Text set(byte[] array, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, array.length);
        this.array = array;
        this.offset = offset;
        this.length = length;
        return this;
    }

    /** Returns the array that holds the bytes; they begin at {@link #offset()}. */
    public byte[] array() {
        return array;
    }

    /** Returns where in {@link #array()} the bytes begin. */
    public int offset() {
        return offset;
    }

    /** Returns the number of bytes. */
    public int length() {
        return length;
    }

    /** Returns whether there are no bytes. */
    public boolean isEmpty() {
        return length == 0;
    }

    /**
     * Returns one byte.
     *
     * @param index from 0 to {@link #length()} - 1
     */
    public byte at(int index) {
        return array[offset + Objects.checkIndex(index, length)];
    }

    /** Returns a text with bytes of its own, which nobody else changes. */
    public Text copy() {
        return of(Arrays.copyOfRange(array, offset, offset + length));
    }

    /**
     * Points another text at a part of this one; allocates nothing.
     *
     * @param into the text to point there; may be this one
     * @param from the first byte of the part
     * @param to the end of the part, not part of it
     * @return {@code into}
     */
    public Text slice(Text into, int from, int to) {
        Objects.checkFromToIndex(from, to, length);
        return into.set(array, offset + from, to - from);
    }

    /**
     * Returns where a byte is met first.
     *
     * @param byteValue the byte; its low eight bits count
     * @param from where to begin, at least 0; nothing is found from {@link #length()} on
     * @return the index, or -1 when there is none
     */
    public int indexOf(int byteValue, int from) {
        if (from < 0) {
            throw new IndexOutOfBoundsException("search from " + from + "; expected at least 0");
        }
        if (from >= length) {
            return -1;
        }
        int found = ByteScan.indexOf(array, offset + from, offset + length, (byte) byteValue);
        return found < 0 ? -1 : found - offset;
    }

    /** Returns whether the first bytes are those of {@code prefix}. */
    public boolean startsWith(Text prefix) {
        int count = prefix.length;
        return count <= length
                && Arrays.equals(array, offset, offset + count, prefix.array, prefix.offset, prefix.offset + count);
    }

    /** Compares the bytes as unsigned numbers; a prefix comes before what it begins. */
    @Override
    public int compareTo(Text other) {
        return Arrays.compareUnsigned(
                array, offset, offset + length, other.array, other.offset, other.offset + other.length);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Text that
                && length == that.length
                && Arrays.equals(array, offset, offset + length, that.array, that.offset, that.offset + that.length);
    }

    @Override
    public int hashCode() {
        long hash = length;
        int index = offset;
        int end = offset + length;
        for (int last = end - Long.BYTES; index <= last; index += Long.BYTES) {
            hash = (hash ^ (long) ByteScan.LONG.get(array, index)) * SPREAD;
            hash ^= hash >>> 32;
        }
        long tail = 0;
        for (; index < end; index++) {
            tail = tail << 8 | array[index] & 0xFF;
        }
        hash = (hash ^ tail) * SPREAD;
        return (int) (hash ^ hash >>> 32);
    }

    /** Returns the bytes read as UTF-8; each malformed part becomes U+FFFD. */
    @Override
    public String toString() {
        return new String(array, offset, length, StandardCharsets.UTF_8);
    }

    private void writeObject(ObjectOutputStream out) throws IOException {
        out.defaultWriteObject();
        out.writeInt(length);
        out.write(array, offset, length);
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
        in.defaultReadObject();
        int count = in.readInt();
        byte[] bytes = count < 0 ? NONE : in.readNBytes(count);
        if (bytes.length != count) {
            throw new StreamCorruptedException("a text of " + count + " bytes; got " + bytes.length);
        }
        set(bytes, 0, count);
    }
}
