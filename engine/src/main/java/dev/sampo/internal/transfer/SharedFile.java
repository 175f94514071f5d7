package dev.sampo.internal.transfer;

import io.netty.channel.DefaultFileRegion;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file that is being sent, open until the last region of it is written. Used by one event loop. */
final class SharedFile {
    private final Path path;
    private final FileChannel channel;
    private int holders = 1;

    private SharedFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    static SharedFile open(Path path) throws IOException {
        return new SharedFile(path, FileChannel.open(path, StandardOpenOption.READ));
    }

    FileChannel channel() {
        return channel;
    }

    /** Checks that it has so many bytes: a region that cannot be filled would end the connection. */
    void require(long end) throws IOException {
        long size = channel.size();
        if (size < end) {
            throw new EOFException(path + " has " + size + " bytes; expected " + end);
        }
    }

    Region region(long offset, int count) {
        holders++;
        return new Region(this, offset, count);
    }

    void release() {
        holders--;
        if (holders > 0) {
            return;
        }
        try {
            channel.close();
        } catch (IOException readOnly) {
            // nothing was written; there is nothing to lose
            return;
        }
    }

    /** A part that goes out by sendfile. */
    static final class Region extends DefaultFileRegion {
        private final SharedFile file;

        private Region(SharedFile file, long offset, int count) {
            super(file.channel, offset, count);
            this.file = file;
        }

        @Override
        protected void deallocate() {
            file.release();
        }
    }
}
