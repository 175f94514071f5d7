package dev.sampo.io;

import dev.sampo.spi.ByteWriter;
import dev.sampo.spi.Codec;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.InputSource;
import dev.sampo.spi.ReadOptions;
import dev.sampo.spi.RecordReader;
import dev.sampo.spi.SampoException;
import dev.sampo.spi.Split;
import java.io.Serializable;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/**
 * Elements that travel with the job, encoded when this object is made: for tests, examples and small side inputs. The
 * path of a record is {@code memory}, its offset the number of the element, from 0. Immutable.
 *
 * @param <T> the type of the elements
 */
public final class MemoryInput<T> implements InputSource<T> {
    private static final long serialVersionUID = 1;

    /** Arrays of about this size, so that no array has to grow to the size of everything. */
    private static final int CHUNK_BYTES = 1024 * 1024;

    private final Codec<T> codec;
    /** Elements one behind the other, each with its length before it. */
    private final ArrayList<byte[]> chunks;

    private MemoryInput(Codec<T> codec, List<byte[]> chunks) {
        this.codec = codec;
        this.chunks = new ArrayList<>(chunks);
    }

    /** Returns the elements, in their order, encoded by a codec. */
    public static <T> MemoryInput<T> of(Codec<T> codec, Collection<? extends T> elements) {
        Objects.requireNonNull(codec, "codec");
        List<byte[]> chunks = new ArrayList<>();
        ByteWriter chunk = new ByteWriter();
        ByteWriter element = new ByteWriter();
        for (T value : elements) {
            if (value == null) {
                throw new SampoException(
                        ErrorCode.CODEC_CANNOT_ENCODE, "an element is null; expected elements that are not null");
            }
            element.clear();
            codec.encode(value, element);
            if (chunk.length() > 0 && chunk.length() + (long) element.length() > CHUNK_BYTES) {
                chunks.add(chunk.toByteArray());
                chunk.clear();
            }
            chunk.writeVarInt(element.length());
            chunk.write(element.array(), 0, element.length());
        }
        if (chunk.length() > 0) {
            chunks.add(chunk.toByteArray());
        }
        return new MemoryInput<>(codec, chunks);
    }

    /** Returns the elements, in their order, encoded by Java serialization. */
    public static <T extends Serializable> MemoryInput<T> of(Collection<? extends T> elements) {
        // It takes any object that is serializable, and gives back one of the class it was given.
        @SuppressWarnings("unchecked")
        Codec<T> codec = (Codec<T>) (Codec<?>) SerializedCodec.SERIALIZED;
        return of(codec, elements);
    }

    @Override
    public List<Split> splits(ReadOptions options) {
        List<Split> splits = new ArrayList<>();
        long ordinal = 0;
        for (int chunk = 0; chunk < chunks.size(); chunk++) {
            byte[] bytes = chunks.get(chunk);
            int begin = 0;
            long first = ordinal;
            for (int at = 0; at < bytes.length; ) {
                int next = Framing.VALUE.end(bytes, at, bytes.length);
                if (at > begin && next - begin > options.splitBytes()) {
                    splits.add(split(chunk, begin, at, first));
                    begin = at;
                    first = ordinal;
                }
                at = next;
                ordinal++;
            }
            splits.add(split(chunk, begin, bytes.length, first));
        }
        return splits;
    }

    private static Split split(int chunk, int begin, int end, long ordinal) {
        byte[] payload = ByteBuffer.allocate(3 * Integer.BYTES + Long.BYTES)
                .putInt(chunk)
                .putInt(begin)
                .putInt(end)
                .putLong(ordinal)
                .array();
        return new Split(Reader.PATH + "#" + ordinal, end - begin, List.of(), payload);
    }

    @Override
    public RecordReader<T> open(Split split, ReadOptions options) {
        try {
            ByteBuffer payload = ByteBuffer.wrap(split.payload());
            byte[] chunk = chunks.get(payload.getInt());
            int begin = payload.getInt();
            int end = payload.getInt();
            Objects.checkFromToIndex(begin, end, chunk.length);
            return new Reader<>(codec, chunk, begin, end, payload.getLong());
        } catch (IndexOutOfBoundsException | BufferUnderflowException e) {
            throw new SampoException(ErrorCode.DATA_CORRUPT, "the payload of " + split + " is malformed", e);
        }
    }

    @Override
    public String toString() {
        return "MemoryInput[" + codec + "]";
    }

    private static final class Reader<T> implements RecordReader<T> {
        static final String PATH = "memory";

        private final Codec<T> codec;
        private final byte[] bytes;
        private final int begin;
        private final int limit;
        private int position;
        private int next;
        private long ordinal;

        Reader(Codec<T> codec, byte[] bytes, int begin, int limit, long first) {
            this.codec = codec;
            this.bytes = bytes;
            this.begin = begin;
            this.limit = limit;
            this.position = begin;
            this.next = begin;
            this.ordinal = first - 1;
        }

        @Override
        public boolean next() {
            position = next;
            if (position == limit) {
                return false;
            }
            next = Framing.VALUE.end(bytes, position, limit);
            ordinal++;
            return true;
        }

        @Override
        public T record() {
            return Framing.VALUE.content(codec, bytes, position, next);
        }

        @Override
        public String path() {
            return PATH;
        }

        @Override
        public long offset() {
            return ordinal;
        }

        @Override
        public long bytesRead() {
            return (long) next - begin;
        }

        @Override
        public void close() {}
    }
}
