package dev.sampo.io;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.ZipException;

/**
 * Reads all frames of a Zstandard file (RFC 8878). The stream that the library brings takes the end of the file inside
 * any frame but the first for the end of the data, and would lose records without a word.
 */
final class ZstdStream extends InputStream {
    private final InputStream in;
    private final ZstdDecompressCtx decompressor = new ZstdDecompressCtx();
    private final byte[] chunk = new byte[32 * 1024];
    private final ByteBuffer source = ByteBuffer.allocateDirect(chunk.length).flip();
    private final ByteBuffer plain = ByteBuffer.allocateDirect(64 * 1024).flip();
    private boolean insideFrame;
    /** Whether the last call filled {@link #plain}, so that more may come without more input. */
    private boolean holdsMore;

    ZstdStream(InputStream in) {
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
        while (!plain.hasRemaining()) {
            if (!source.hasRemaining() && !holdsMore && !fill()) {
                if (insideFrame) {
                    throw new EOFException("the file ends inside a zstd frame");
                }
                return -1;
            }
            decompress();
        }
        int count = Math.min(length, plain.remaining());
        plain.get(bytes, offset, count);
        return count;
    }

    private boolean fill() throws IOException {
        int count = in.read(chunk, 0, chunk.length);
        if (count <= 0) {
            return false;
        }
        source.clear().put(chunk, 0, count).flip();
        return true;
    }

    private void decompress() throws ZipException {
        plain.clear();
        try {
            insideFrame = !decompressor.decompressDirectByteBufferStream(plain, source);
        } catch (ZstdException e) {
            plain.limit(0);
            ZipException corrupt = new ZipException("zstd data: " + e.getMessage());
            corrupt.initCause(e);
            throw corrupt;
        }
        holdsMore = insideFrame && !plain.hasRemaining();
        plain.flip();
    }

    @Override
    public void close() throws IOException {
        decompressor.close();
        in.close();
    }
}
