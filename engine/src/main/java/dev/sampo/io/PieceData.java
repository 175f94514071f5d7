package dev.sampo.io;

import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.ZipException;

/** The uncompressed bytes of one file from an offset on. Errors name the file. */
final class PieceData implements Closeable {
    private final String shown;
    private final FilePiece piece;
    private final FileBytes file;
    private InputStream data;
    private boolean undecided;
    private Compression compression = Compression.NONE;
    private long offset;

    private PieceData(String shown, FilePiece piece, FileBytes file, long offset) {
        this.shown = shown;
        this.piece = piece;
        this.file = file;
        this.data = file;
        this.offset = offset;
        this.undecided = piece.content() == FilePiece.Content.MAYBE_COMPRESSED;
    }

    /**
     * Opens a file.
     *
     * @param offset where to begin
     */
    static PieceData open(Path path, String shown, FilePiece piece, long offset) throws IOException {
        try {
            return new PieceData(shown, piece, FileBytes.open(path, offset), offset);
        } catch (IOException e) {
            throw InputErrors.explain(shown, e);
        }
    }

    /** Reads at least one byte; returns -1 at the end. */
    int read(byte[] bytes, int at, int length) throws IOException {
        try {
            int count = undecided ? readFirst(bytes, at, length) : data.read(bytes, at, length);
            if (count > 0) {
                offset += count;
            }
            return count;
        } catch (ZipException | EOFException e) {
            String form = compression == Compression.NONE ? "archive" : compression + " file";
            throw new SampoException(
                    ErrorCode.INPUT_CORRUPT,
                    "input " + shown + " is corrupt behind byte " + offset + " of the uncompressed data: "
                            + e.getMessage() + "; expected a whole " + form,
                    e);
        } catch (IOException e) {
            throw InputErrors.explain(shown, e);
        }
    }

    /** Decides by the first bytes, which a file that is not compressed thus reads only once. */
    private int readFirst(byte[] bytes, int at, int length) throws IOException {
        undecided = false;
        byte[] target = length >= Compression.MAGIC_BYTES ? bytes : new byte[Compression.MAGIC_BYTES];
        int begin = target == bytes ? at : 0;
        int room = target == bytes ? length : target.length;
        int count = 0;
        while (count < Compression.MAGIC_BYTES) {
            int more = file.read(target, begin + count, room - count);
            if (more < 0) {
                break;
            }
            count += more;
        }
        compression = Compression.of(target, begin, count);
        if (compression == Compression.NONE && target == bytes) {
            return count == 0 ? -1 : count;
        }
        InputStream start = new ByteArrayInputStream(Arrays.copyOfRange(target, begin, begin + count));
        data = compression.open(new SequenceInputStream(start, file));
        return data.read(bytes, at, length);
    }

    /** Returns how many bytes of the piece were read from the file. */
    long bytesRead() {
        return Math.max(0, Math.min(file.position(), piece.to()) - piece.from());
    }

    @Override
    public void close() throws IOException {
        try {
            data.close();
        } finally {
            file.close();
        }
    }
}
