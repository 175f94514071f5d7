package dev.sampo.internal.output;

import static dev.sampo.internal.output.OutputFixture.JOB;
import static dev.sampo.internal.output.OutputFixture.committer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people are told when the file system fails, and the stream that finds out. */
class OutputFailureTest {
    /** A disk with room for some bytes. */
    private static final class SmallDisk extends OutputStream {
        private long room;

        SmallDisk(long room) {
            this.room = room;
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[1], 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            room -= length;
            if (room < 0) {
                throw new IOException("No space left on device");
            }
        }
    }

    @TempDir
    private Path folder;

    @Test
    void aFullDiskNamesTheDirectoryAndTheCause() throws IOException {
        try (DigestingStream stream = new DigestingStream(new SmallDisk(1 << 20), new OutputErrors(folder))) {
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 100; i++) {
                            stream.write(new byte[100_000]);
                        }
                    })
                    .hasMessage("Output directory " + folder + ": cannot write: java.io.IOException: No space left on"
                            + " device; expected a writable directory with free space")
                    .isInstanceOfSatisfying(
                            SampoException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OUTPUT_UNWRITABLE))
                    .hasCauseInstanceOf(IOException.class);
            stream.discard();
        }
    }

    @Test
    void aDirectoryThatCannotBeMadeIsUnwritable() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertThatThrownBy(() -> committer(file.resolve("out")).claim(JOB, false))
                .isInstanceOfSatisfying(
                        SampoException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OUTPUT_UNWRITABLE))
                .hasMessageContaining("cannot claim it")
                .hasMessageContaining(file.toString());
    }

    @Test
    void aReadOnlyFileSystemIsUnwritable() {
        Path runtimeImage = Path.of(URI.create("jrt:/java.base/out"));

        assertThatThrownBy(() -> committer(runtimeImage).claim(JOB, false))
                .isInstanceOf(SampoException.class)
                .hasMessageEndingWith("/java.base/out: cannot claim it: the file system is read-only; expected a"
                        + " writable directory with free space");
    }

    @Test
    @SuppressWarnings("try") // an early close is what is tested
    void countsAndDigestsWritesOfEverySize() throws IOException {
        Random random = new Random(1);
        byte[] all = new byte[3_000_000];
        random.nextBytes(all);
        Path file = folder.resolve("file");
        try (DigestingStream stream = new DigestingStream(Files.newOutputStream(file), new OutputErrors(folder))) {
            int written = 0;
            while (written < all.length) {
                int length = Math.min(random.nextInt(random.nextBoolean() ? 10 : 600_000), all.length - written);
                stream.write(all, written, length);
                written += length;
                if (written < all.length) {
                    stream.write(all[written++]);
                }
                stream.flush();
                assertThat(stream.bytes()).isEqualTo(written);
            }
            stream.close();
            assertThat(file).hasBinaryContent(all);
            assertThat(stream.digest())
                    .isEqualTo("sha256:"
                            + HexFormat.of().formatHex(DigestingStream.sha256().digest(all)));
        }
    }

    @Test
    @SuppressWarnings("try") // an early close is what is tested
    void aClosedStreamTakesNothingMore() throws IOException {
        try (DigestingStream stream = new DigestingStream(new SmallDisk(10), new OutputErrors(folder))) {
            stream.close();
            assertThatThrownBy(() -> stream.write("x".getBytes(StandardCharsets.UTF_8)))
                    .isInstanceOf(IOException.class)
                    .hasMessage("written to a closed stream; expected no more bytes");
        }
    }
}
