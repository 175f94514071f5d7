package dev.sampo.io;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** The bytes of a file as they lie there, from an offset on; knows how far it has come. */
final class FileBytes extends InputStream {
    private final SeekableByteChannel channel;
    private long position;

    private FileBytes(SeekableByteChannel channel, long position) {
        this.channel = channel;
        this.position = position;
    }

    /** Opens a file; a file that ends before {@code from} has no bytes left. */
    static FileBytes open(Path file, long from) throws IOException {
        SeekableByteChannel channel = Files.newByteChannel(file);
        try {
            FileBytes bytes = new FileBytes(channel, 0);
            if (from > 0) {
                bytes.seek(from);
            }
            return bytes;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private void seek(long from) throws IOException {
        try {
            channel.position(from);
            position = from;
        } catch (UnsupportedOperationException e) {
            // An entry of a zip file, for one, can only be read from its beginning.
            try {
                skipNBytes(from);
            } catch (EOFException end) {
                position = from;
            }
        }
    }

    /** Returns the offset of the next byte. */
    long position() {
        return position;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int count = channel.read(ByteBuffer.wrap(bytes, offset, length));
        if (count > 0) {
            position += count;
        }
        return count;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
