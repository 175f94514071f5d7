package dev.sampo.spi;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;

/**
 * A growable array of bytes that codecs append to. One instance serves one thread; the engine reuses it for every
 * record, so a codec must not keep a reference to it or to {@link #array()}.
 */
public final class ByteWriter {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    /** The largest array that every HotSpot collector can allocate. */
    private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

    private byte[] array;
    private int length;

    /** Creates a writer with room for a typical record. */
    public ByteWriter() {
        this(256);
    }

    /**
     * Creates a writer.
     *
     * @param capacity the number of bytes it can take before it grows, at least 0
     */
    public ByteWriter(int capacity) {
        this.array = new byte[Math.max(16, capacity)];
    }

    /** Forgets what was written and keeps the memory. */
    public void clear() {
        length = 0;
    }

    /** Returns the number of bytes written. */
    public int length() {
        return length;
    }

    /** Returns the backing array: bytes 0 to {@link #length()} are valid, until the next write. */
    public byte[] array() {
        return array;
    }

    /** Returns a copy of the bytes written. */
    public byte[] toByteArray() {
        return Arrays.copyOf(array, length);
    }

    /**
     * Drops the bytes from {@code newLength} on.
     *
     * @param newLength from 0 to {@link #length()}
     */
    public void truncate(int newLength) {
        Objects.checkIndex(newLength, length + 1);
        length = newLength;
    }

    /** Appends the low eight bits of {@code value}. */
    public void writeByte(int value) {
        ensure(1);
        array[length++] = (byte) value;
    }

    /** Appends four bytes, most significant first. */
    public void writeInt(int value) {
        ensure(4);
        INT.set(array, length, value);
        length += 4;
    }

    /** Appends eight bytes, most significant first. */
    public void writeLong(long value) {
        ensure(8);
        LONG.set(array, length, value);
        length += 8;
    }

    /** Appends an unsigned variable-length integer: seven bits a byte, least significant group first (LEB128). */
    public void writeVarInt(int value) {
        ensure(5);
        int rest = value;
        while ((rest & ~0x7F) != 0) {
            array[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        array[length++] = (byte) rest;
    }

    /** Appends all of {@code bytes}. */
    public void write(byte[] bytes) {
        write(bytes, 0, bytes.length);
    }

    /** Appends {@code count} bytes of {@code bytes} from {@code offset}. */
    public void write(byte[] bytes, int offset, int count) {
        ensure(count);
        System.arraycopy(bytes, offset, array, length, count);
        length += count;
    }

    /** Makes room for {@code count} more bytes, so that a caller can fill {@link #array()} itself and {@link #advance}. */
    public void ensure(int count) {
        if (array.length - length < count) {
            grow(count);
        }
    }

    /** Counts {@code count} bytes as written that the caller put into {@link #array()} behind {@link #length()}. */
    public void advance(int count) {
        Objects.checkFromIndexSize(length, count, array.length);
        length += count;
    }

    private void grow(int count) {
        long needed = (long) length + count;
        if (needed > MAX_ARRAY) {
            throw new SampoException(
                    ErrorCode.RECORD_TOO_LARGE,
                    "a key or value of " + needed + " bytes; expected at most " + MAX_ARRAY + " bytes");
        }
        array = Arrays.copyOf(array, (int) Math.min(MAX_ARRAY, Math.max(needed, array.length * 2L)));
    }
}
