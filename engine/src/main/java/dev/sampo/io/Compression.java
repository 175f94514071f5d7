package dev.sampo.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/** How the bytes of a file are compressed, as its first bytes tell. */
enum Compression {
    /** Not, or not in a way that is known here. */
    NONE {
        @Override
        InputStream open(InputStream compressed) {
            return compressed;
        }
    },
    /** RFC 1952, any number of members. */
    GZIP {
        @Override
        InputStream open(InputStream compressed) {
            return new GzipStream(compressed);
        }
    },
    /** RFC 8878, any number of frames, skippable ones among them. */
    ZSTD {
        @Override
        InputStream open(InputStream compressed) {
            return new ZstdStream(compressed);
        }
    };

    /** How many first bytes it takes to tell. */
    static final int MAGIC_BYTES = 4;

    private static final Set<String> EXTENSIONS = Set.of("gz", "gzip", "zst", "zstd");
    private static final int ZSTD_FRAME = 0xFD2FB528;
    private static final int ZSTD_SKIPPABLE_FRAME = 0x184D2A50;

    /** Returns the bytes that {@code compressed} stands for. */
    abstract InputStream open(InputStream compressed);

    /** Returns the compression of a file that begins with {@code count} bytes of {@code bytes} from {@code offset}. */
    static Compression of(byte[] bytes, int offset, int count) {
        if (count < MAGIC_BYTES) {
            return NONE;
        }
        int magic = (bytes[offset] & 0xFF)
                | (bytes[offset + 1] & 0xFF) << 8
                | (bytes[offset + 2] & 0xFF) << 16
                | (bytes[offset + 3] << 24);
        if (magic == ZSTD_FRAME || (magic & 0xFFFFFFF0) == ZSTD_SKIPPABLE_FRAME) {
            return ZSTD;
        }
        // ID1, ID2, the only method there is, and no reserved flag.
        return (magic & 0xE0FFFFFF) == 0x00088B1F ? GZIP : NONE;
    }

    /** Returns the compression of a file. */
    static Compression of(Path file) throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            ByteBuffer magic = ByteBuffer.allocate(MAGIC_BYTES);
            while (magic.hasRemaining() && channel.read(magic) >= 0) {}
            return of(magic.array(), 0, magic.position());
        }
    }

    /** Returns whether a file's name says that it is compressed. */
    static boolean isNamedCompressed(String name) {
        int dot = name.lastIndexOf('.');
        return dot >= 0 && EXTENSIONS.contains(name.substring(dot + 1).toLowerCase(Locale.ROOT));
    }
}
