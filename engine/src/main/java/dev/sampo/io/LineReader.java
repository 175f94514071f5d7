package dev.sampo.io;

import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.RecordReader;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the lines of one split as views into its buffer. A line belongs to the piece that its first byte lies in: a
 * piece that does not begin with its file begins behind the first LF from the byte before it on, and reads beyond its
 * end to finish its last line.
 */
final class LineReader implements RecordReader<Text> {
    private static final int BUFFER_BYTES = 256 * 1024;
    /** Read beyond the end of a piece in small steps: most lines are short. */
    private static final int STEP_BYTES = 4096;

    private static final byte LF = '\n';

    private final PieceCursor pieces;
    private final int maxLineBytes;
    private final Text line = new Text();
    private byte[] buffer;
    /** The next line begins here. */
    private int begin;
    /** Behind the last byte that was read. */
    private int limit;
    /** The offset in the file of the first byte of the buffer. */
    private long base;
    /** A line that begins here or behind belongs to another piece. */
    private long end;

    private long lineOffset;
    private boolean endOfFile;
    private @Nullable PieceData data;

    LineReader(PieceCursor pieces, int maxLineBytes) {
        this.pieces = pieces;
        this.maxLineBytes = Math.min(maxLineBytes, Integer.MAX_VALUE - 16);
        this.buffer = new byte[Math.min(BUFFER_BYTES, this.maxLineBytes + 1)];
    }

    @Override
    public boolean next() throws IOException {
        while (true) {
            PieceData open = data;
            if (open == null) {
                open = openNext();
                if (open == null) {
                    return false;
                }
            }
            if (base + begin < end && readLine(open)) {
                return true;
            }
            data = null;
            pieces.closePiece();
        }
    }

    private @Nullable PieceData openNext() throws IOException {
        FilePiece piece = pieces.peek();
        if (piece == null) {
            return null;
        }
        long offset = Math.max(0, piece.from() - 1);
        PieceData open = pieces.open(offset);
        data = open;
        base = offset;
        end = piece.to();
        begin = 0;
        limit = 0;
        endOfFile = false;
        if (piece.from() > 0) {
            skipLine(open);
        }
        return open;
    }

    /** Goes behind the next LF, however far, without keeping what lies before it. */
    private void skipLine(PieceData open) throws IOException {
        while (true) {
            int found = ByteScan.indexOf(buffer, begin, limit, LF);
            if (found >= 0) {
                begin = found + 1;
                return;
            }
            base += limit;
            begin = 0;
            limit = 0;
            if (base >= end || !fill(open)) {
                return;
            }
        }
    }

    /** Takes the line at {@link #begin}; returns false at the end of the file. */
    private boolean readLine(PieceData open) throws IOException {
        int scanned = begin;
        while (true) {
            int found = ByteScan.indexOf(buffer, scanned, limit, LF);
            if (found >= 0) {
                take(found, found + 1);
                return true;
            }
            // Nothing was found so far: look only at what comes, wherever the line is moved to.
            int length = limit - begin;
            if (length > maxLineBytes) {
                throw tooLarge();
            }
            makeRoom();
            if (!fill(open)) {
                if (begin == limit) {
                    return false;
                }
                take(limit, limit);
                return true;
            }
            scanned = begin + length;
        }
    }

    private void take(int lineEnd, int nextBegin) {
        lineOffset = base + begin;
        line.set(buffer, begin, lineEnd - begin);
        begin = nextBegin;
    }

    private void makeRoom() {
        if (begin > 0) {
            System.arraycopy(buffer, begin, buffer, 0, limit - begin);
            base += begin;
            limit -= begin;
            begin = 0;
        }
        if (limit == buffer.length) {
            buffer = Arrays.copyOf(buffer, (int) Math.min(2L * buffer.length, maxLineBytes + 1L));
        }
    }

    /** Reads more behind {@link #limit}; returns false at the end of the file. */
    private boolean fill(PieceData open) throws IOException {
        if (endOfFile) {
            return false;
        }
        int room = buffer.length - limit;
        long toEnd = end - (base + limit);
        int wanted =
                toEnd >= room ? room : Math.min(room, (int) Math.max(0, toEnd) + Math.max(STEP_BYTES, limit - begin));
        int count = open.read(buffer, limit, wanted);
        if (count < 0) {
            endOfFile = true;
            return false;
        }
        limit += count;
        return true;
    }

    private SampoException tooLarge() {
        return new SampoException(
                ErrorCode.RECORD_TOO_LARGE,
                "the line at byte " + (base + begin) + " of " + pieces.shown() + " is longer than " + maxLineBytes
                        + " bytes; expected at most that many");
    }

    @Override
    public Text record() {
        return line;
    }

    @Override
    public String path() {
        return pieces.shown();
    }

    @Override
    public long offset() {
        return lineOffset;
    }

    @Override
    public long bytesRead() {
        return pieces.bytesRead();
    }

    @Override
    public void close() throws IOException {
        data = null;
        pieces.close();
    }
}
