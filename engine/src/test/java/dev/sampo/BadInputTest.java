package dev.sampo;

import static dev.sampo.EngineFixture.engine;
import static dev.sampo.EngineFixture.everythingIn;
import static dev.sampo.EngineFixture.failureOf;
import static dev.sampo.EngineFixture.run;
import static dev.sampo.EngineFixture.stage;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampo.api.JobHandle;
import dev.sampo.api.JobResult;
import dev.sampo.api.JobSpec;
import dev.sampo.api.Reducers;
import dev.sampo.io.RecordInput;
import dev.sampo.io.Text;
import dev.sampo.io.TextInput;
import dev.sampo.io.TextOutput;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.InputSource;
import dev.sampo.spi.ReadOptions;
import dev.sampo.spi.RecordReader;
import dev.sampo.spi.SampoException;
import dev.sampo.spi.Split;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Inputs and settings that are wrong, and those that only look so. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputTest {
    private final Sampo engine = engine("sampo.slots = 2", "sampo.memory = 64m");

    @TempDir
    Path folder;

    @AfterAll
    void closeEngine() {
        engine.close();
    }

    private Path output() {
        return folder.resolve("output");
    }

    private JobSpec<Text, Long> lines(InputSource<Text> input) {
        return JobSpec.named("lines")
                .read(input)
                .map(Text.class, Long.class, (line, out) -> out.emit(line, 1L))
                .partitions(2)
                .reduce(Text.class, Long.class, Reducers.sumLong())
                .writeTo(TextOutput.to(output()));
    }

    private String failure(InputSource<Text> input, ErrorCode code) throws IOException {
        String message = failureOf(engine.submit(lines(input)), code);
        assertThat(output()).as("what the failed job left").doesNotExist();
        return message;
    }

    @Test
    void aMissingInputIsNamedAndNotTriedAgain() throws Exception {
        Path missing = folder.resolve("missing");
        JobHandle<Text, Long> handle = engine.submit(lines(TextInput.from(missing)));
        assertThat(failureOf(handle, ErrorCode.INPUT_NOT_FOUND)).contains("input " + missing + " does not exist");
        assertThat(output()).doesNotExist();
    }

    @Test
    void aGlobThatMatchesNothingIsMissing() throws Exception {
        assertThat(failure(TextInput.from(folder + "/*.log"), ErrorCode.INPUT_NOT_FOUND))
                .contains(folder + "/*.log");
    }

    @Test
    void oneMissingInputAmongOthersFailsTheJobBeforeItTouchesTheOutput() throws Exception {
        Path there = Files.writeString(folder.resolve("there"), "a\n");
        assertThat(failure(TextInput.from(there, folder.resolve("gone")), ErrorCode.INPUT_NOT_FOUND))
                .contains(folder.resolve("gone").toString());
    }

    @Test
    void aDanglingLinkIsUnreadable() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("nowhere"));
        assertThat(failure(TextInput.from(link), ErrorCode.INPUT_UNREADABLE))
                .contains("input " + link + " is a symbolic link to nothing");
    }

    @Test
    void aDirectoryStandsForTheFilesInIt() throws Exception {
        Path directory = Files.createDirectories(folder.resolve("in/deep"));
        Files.writeString(directory.resolve("a"), "x\ny\n");
        Files.writeString(folder.resolve("in/b"), "x\n");
        run(engine, lines(TextInput.from(folder.resolve("in"))));
        assertThat(EngineFixture.lines(output())).containsExactlyInAnyOrder("x\t2", "y\t1");
    }

    @Test
    void aFileThatIsGoneWhenItsTaskStartsFailsTheJob() throws Exception {
        Path file = Files.writeString(folder.resolve("vanishing"), "a\n");
        try (Shared shared = new Shared()) {
            JobSpec<Text, Long> job = lines(new Delayed(TextInput.from(file), shared));
            JobHandle<Text, Long> handle = engine.submit(job);
            shared.await("listed");
            Files.delete(file);
            shared.open("deleted");
            assertThat(failureOf(handle, ErrorCode.INPUT_NOT_FOUND)).contains("map task 0", file.toString());
        }
        assertThat(output()).doesNotExist();
    }

    /** Opens its splits when the test says so. */
    private record Delayed(TextInput lines, Shared shared) implements InputSource<Text> {
        @Override
        public List<Split> splits(ReadOptions options) throws IOException {
            return lines.splits(options);
        }

        @Override
        public RecordReader<Text> open(Split split, ReadOptions options) throws IOException {
            shared.open("listed");
            try {
                shared.await("deleted");
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            return lines.open(split, options);
        }
    }

    @Test
    void emptyInputsSucceedWithEmptyParts() throws Exception {
        Path directory = Files.createDirectories(folder.resolve("empty"));
        for (int files = 0; files < 3; files++) {
            try (JobResult<Text, Long> result =
                    engine.submit(lines(TextInput.from(directory))).await()) {
                assertThat(result.parts()).hasSize(2).allSatisfy(part -> {
                    assertThat(part.bytes()).isZero();
                    assertThat(part.records()).isZero();
                });
                assertThat(result.counters().stage("map").recordsIn()).isZero();
            }
            assertThat(everythingIn(output())).containsExactly("_SUCCESS", "part-00000", "part-00001");
            for (String name : everythingIn(output())) {
                Files.delete(output().resolve(name));
            }
            Files.createFile(directory.resolve("file-" + files));
        }
    }

    @Test
    void aTruncatedGzipFileIsNamed() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            byte[] noise = new byte[50_000];
            new Random(1).nextBytes(noise);
            gzip.write(noise);
        }
        Path file = Files.write(folder.resolve("cut.gz"), Arrays.copyOf(bytes.toByteArray(), bytes.size() / 2));
        JobHandle<Text, Long> handle = engine.submit(lines(TextInput.from(file)));
        assertThat(failureOf(handle, ErrorCode.INPUT_CORRUPT)).contains("map task 0", file.toString());
        assertThat(stage(handle, "map").failedAttempts()).isEqualTo(4);
        assertThat(output()).doesNotExist();
    }

    @Test
    void aFileThatHoldsNoWholeRecordsIsNamed() throws Exception {
        Path file = Files.write(folder.resolve("records"), new byte[250]);
        assertThat(failureOf(engine.submit(lines(RecordInput.from(100, file.toString()))), ErrorCode.INPUT_CORRUPT))
                .contains(file.toString(), "250");
    }

    @Test
    void aLineLargerThanItsMemoryIsRefusedWithFileAndOffset() throws Exception {
        Path file = folder.resolve("long");
        Files.writeString(file, "short\n");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(256L << 20);
        }
        JobSpec<Text, Long> job = lines(TextInput.from(file)).withMaxAttempts(1);
        // 64 MiB for two slots, and a record is held up to four times
        assertThat(failureOf(engine.submit(job), ErrorCode.RECORD_TOO_LARGE))
                .contains("the line at byte 6 of " + file + " is longer than " + (8 << 20) + " bytes")
                .endsWith("(at " + file + ")");
        assertThat(output()).doesNotExist();
    }

    @Test
    void aLineOfNearlyThatSizePasses() throws Exception {
        Path file = Files.write(folder.resolve("line"), new byte[7 << 20]);
        try (JobResult<Text, Long> result =
                engine.submit(lines(TextInput.from(file))).await()) {
            assertThat(result.counters().stage("map").recordsIn()).isEqualTo(1);
            assertThat(result.parts()).extracting("bytes").containsExactlyInAnyOrder(0L, (7L << 20) + 3);
        }
    }

    @Test
    void nulAndBytesThatAreNotUtf8PassThrough() throws Exception {
        byte[] bytes = "a\u0000b\n\u00ff\u00fe\u00c3(\n\r\nlast \u00e2\u0082".getBytes(ISO_8859_1);
        run(engine, lines(TextInput.from(Files.write(folder.resolve("binary"), bytes))));
        byte[] all = new byte[0];
        for (String part : List.of("part-00000", "part-00001")) {
            byte[] more = Files.readAllBytes(output().resolve(part));
            int length = all.length;
            all = Arrays.copyOf(all, length + more.length);
            System.arraycopy(more, 0, all, length, more.length);
        }
        assertThat(new String(all, ISO_8859_1).split("\n"))
                .containsExactlyInAnyOrder("a\u0000b\t1", "\u00ff\u00fe\u00c3(\t1", "\r\t1", "last \u00e2\u0082\t1");
    }

    /** An input of a user's own whose reader throws. */
    private record Broken() implements InputSource<Text> {
        @Override
        public List<Split> splits(ReadOptions options) {
            return List.of(new Split("broken", 1, List.of(), new byte[0]));
        }

        @Override
        public RecordReader<Text> open(Split split, ReadOptions options) {
            throw new IllegalStateException("cannot be opened");
        }
    }

    @Test
    void anInputOfTheUsersThatThrowsIsTheUsers() {
        JobHandle<Text, Long> handle = engine.submit(lines(new Broken()));
        assertThat(failureOf(handle, ErrorCode.USER_CODE_FAILED)).contains("cannot be opened", Broken.class.getName());
        assertThat(stage(handle, "map").failedAttempts()).isEqualTo(4);
    }

    @Test
    void allThatIsWrongWithTheSettingsIsSaidAtOnce() {
        assertThatThrownBy(() -> engine(
                        "sampo.slotss = 2",
                        "sampo.memory = 12 lightyears",
                        "sampo.task.time-limit = 5 parsecs",
                        "sampo.shuffle.merge-fan-in = 1",
                        "sampo.input.no-such-key = true"))
                .isInstanceOfSatisfying(
                        SampoException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIG_INVALID))
                .hasMessageContaining("sampo.slotss")
                .hasMessageContaining("lightyears")
                .hasMessageContaining("parsecs")
                .hasMessageContaining("sampo.shuffle.merge-fan-in")
                .hasMessageContaining("sampo.input.no-such-key");
    }
}
