package dev.sampo.io;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * Reads all members of a gzip file (RFC 1952) and checks the size and checksum of each. The stream of the JDK takes a
 * damaged second header for the end of the data, and looks for a second member only where {@code available} is more
 * than 0; both would lose records without a word.
 */
final class GzipStream extends InputStream {
    private static final int HEADER_CHECKSUM = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int RESERVED = 0xE0;
    private static final int DEFLATE = 8;

    private final InputStream in;
    private final byte[] input = new byte[64 * 1024];
    private final Inflater inflater = new Inflater(true);
    private final CRC32 checksum = new CRC32();
    private int position;
    private int limit;
    private boolean insideMember;
    private boolean anyMember;
    private boolean ended;

    GzipStream(InputStream in) {
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        try {
            while (!ended) {
                if (!insideMember) {
                    ended = !readHeader();
                    continue;
                }
                int count = inflater.inflate(bytes, offset, length);
                if (count > 0) {
                    checksum.update(bytes, offset, count);
                    return count;
                }
                if (inflater.finished()) {
                    position = limit - inflater.getRemaining();
                    checkTrailer();
                } else if (inflater.needsDictionary()) {
                    throw new ZipException("a gzip member asks for a preset dictionary");
                } else {
                    fill();
                    inflater.setInput(input, position, limit - position);
                }
            }
            return -1;
        } catch (DataFormatException e) {
            ZipException corrupt = new ZipException("deflate data: " + e.getMessage());
            corrupt.initCause(e);
            throw corrupt;
        }
    }

    /** Returns false where the file ends in place of a header. */
    private boolean readHeader() throws IOException {
        if (position == limit && !tryFill()) {
            if (!anyMember) {
                throw new EOFException("an empty gzip file");
            }
            return false;
        }
        int first = nextByte();
        if (first == 0 && anyMember) {
            skipPadding();
            return false;
        }
        int second = nextByte();
        if (first != 0x1F || second != 0x8B) {
            throw new ZipException("bytes " + first + ", " + second + " behind a gzip member; expected 31, 139");
        }
        int method = nextByte();
        int flags = nextByte();
        if (method != DEFLATE || (flags & RESERVED) != 0) {
            throw new ZipException("gzip method " + method + ", flags " + flags + "; expected method 8, flags to 31");
        }
        skip(6);
        if ((flags & EXTRA) != 0) {
            skip(nextByte() | nextByte() << 8);
        }
        if ((flags & NAME) != 0) {
            skipString();
        }
        if ((flags & COMMENT) != 0) {
            skipString();
        }
        if ((flags & HEADER_CHECKSUM) != 0) {
            skip(2);
        }
        inflater.reset();
        inflater.setInput(input, position, limit - position);
        checksum.reset();
        insideMember = true;
        anyMember = true;
        return true;
    }

    /** Tapes are filled up with zeros; nothing else may follow the last member. */
    private void skipPadding() throws IOException {
        do {
            while (position < limit) {
                if (input[position++] != 0) {
                    throw new ZipException("bytes that are not 0 in the padding behind the last gzip member");
                }
            }
        } while (tryFill());
    }

    private void checkTrailer() throws IOException {
        long expected = nextInt();
        long size = nextInt();
        insideMember = false;
        if (expected != checksum.getValue()) {
            throw new ZipException("the checksum of a gzip member is " + Long.toHexString(checksum.getValue())
                    + "; expected " + Long.toHexString(expected));
        }
        if (size != (inflater.getBytesWritten() & 0xFFFFFFFFL)) {
            throw new ZipException("a gzip member has " + inflater.getBytesWritten() + " bytes; expected " + size);
        }
    }

    private long nextInt() throws IOException {
        return nextByte() | nextByte() << 8 | nextByte() << 16 | (long) nextByte() << 24;
    }

    private int nextByte() throws IOException {
        if (position == limit) {
            fill();
        }
        return input[position++] & 0xFF;
    }

    private void skip(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            nextByte();
        }
    }

    private void skipString() throws IOException {
        while (nextByte() != 0) {}
    }

    private void fill() throws IOException {
        if (!tryFill()) {
            throw new EOFException("the file ends inside a gzip member");
        }
    }

    private boolean tryFill() throws IOException {
        position = 0;
        limit = Math.max(0, in.read(input, 0, input.length));
        return limit > 0;
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        in.close();
    }
}
