package dev.sampo.io;

import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.RecordReader;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads the records of one size of one split as views into its buffer. */
final class FixedRecordReader implements RecordReader<Text> {
    private static final int BUFFER_BYTES = 256 * 1024;

    private final PieceCursor pieces;
    private final int recordBytes;
    private final Text record = new Text();
    private final byte[] buffer;
    private int begin;
    private int limit;
    /** The offset in the file of the first byte of the buffer. */
    private long base;

    private long end;
    private long recordOffset;
    private @Nullable PieceData data;

    FixedRecordReader(PieceCursor pieces, int recordBytes) {
        this.pieces = pieces;
        this.recordBytes = recordBytes;
        this.buffer = new byte[Math.max(1, BUFFER_BYTES / recordBytes) * recordBytes];
    }

    @Override
    public boolean next() throws IOException {
        while (true) {
            PieceData open = data;
            if (open == null) {
                FilePiece piece = pieces.peek();
                if (piece == null) {
                    return false;
                }
                open = pieces.open(piece.from());
                data = open;
                base = piece.from();
                end = piece.to();
                begin = 0;
                limit = 0;
            }
            if (limit - begin >= recordBytes || fill(open)) {
                recordOffset = base + begin;
                record.set(buffer, begin, recordBytes);
                begin += recordBytes;
                return true;
            }
            data = null;
            pieces.closePiece();
        }
    }

    /** Reads at least one record; returns false at the end of the piece. */
    private boolean fill(PieceData open) throws IOException {
        System.arraycopy(buffer, begin, buffer, 0, limit - begin);
        base += begin;
        limit -= begin;
        begin = 0;
        while (limit < recordBytes) {
            int room = (int) Math.min(buffer.length - limit, end - (base + limit));
            int count = room == 0 ? -1 : open.read(buffer, limit, room);
            if (count < 0) {
                if (limit > 0) {
                    throw unevenSize(pieces.shown(), base + limit, recordBytes);
                }
                return false;
            }
            limit += count;
        }
        return true;
    }

    static SampoException unevenSize(String file, long bytes, int recordBytes) {
        return new SampoException(
                ErrorCode.INPUT_CORRUPT,
                "input " + file + " has " + bytes + " bytes; expected a multiple of the record size, " + recordBytes
                        + " bytes");
    }

    @Override
    public Text record() {
        return record;
    }

    @Override
    public String path() {
        return pieces.shown();
    }

    @Override
    public long offset() {
        return recordOffset;
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
