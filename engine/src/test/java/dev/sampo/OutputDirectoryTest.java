package dev.sampo;

import static dev.sampo.EngineFixture.engine;
import static dev.sampo.EngineFixture.everythingIn;
import static dev.sampo.EngineFixture.failureOf;
import static dev.sampo.EngineFixture.lines;
import static dev.sampo.EngineFixture.run;
import static dev.sampo.EngineFixture.stage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sampo.api.JobHandle;
import dev.sampo.api.JobSpec;
import dev.sampo.api.Mapper;
import dev.sampo.api.Reducers;
import dev.sampo.io.Codecs;
import dev.sampo.io.MemoryInput;
import dev.sampo.io.TextOutput;
import dev.sampo.spi.ErrorCode;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Output directories that are taken, unwritable, or full: nobody ever sees half a result. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OutputDirectoryTest {
    private final Sampo engine = engine("sampo.slots = 2");

    @TempDir
    Path folder;

    @AfterAll
    void closeEngine() {
        engine.close();
    }

    private static JobSpec<Long, Long> job(TextOutput output, Mapper<Long, Long, Long> mapper) {
        return JobSpec.named("numbers")
                .read(MemoryInput.of(
                        Codecs.LONG, LongStream.range(0, 10).boxed().toList()))
                .map(Long.class, Long.class, mapper)
                .partitions(2)
                .reduce(Long.class, Long.class, Reducers.identity())
                .writeTo(output);
    }

    private static JobSpec<Long, Long> job(TextOutput output) {
        return job(output, (n, out) -> out.emit(n, n));
    }

    @Test
    void aDirectoryThatHoldsFilesIsRefusedAndLeftAsItIs() throws Exception {
        Path file = Files.writeString(folder.resolve("somebody's"), "precious");
        assertThat(failureOf(engine.submit(job(TextOutput.to(folder))), ErrorCode.OUTPUT_EXISTS))
                .contains("Output directory " + folder, "somebody's");
        assertThat(failureOf(engine.submit(job(TextOutput.to(folder).overwrite(true))), ErrorCode.OUTPUT_EXISTS))
                .contains("somebody's", "only those are overwritten");
        assertThat(everythingIn(folder)).containsExactly("somebody's");
        assertThat(file).hasContent("precious");
    }

    @Test
    void anEmptyDirectoryIsTakenAndAResultIsReplacedOnlyWhenAsked() throws Exception {
        Path output = Files.createDirectory(folder.resolve("out"));
        run(engine, job(TextOutput.to(output)));
        assertThat(lines(output)).hasSize(10);

        failureOf(engine.submit(job(TextOutput.to(output))), ErrorCode.OUTPUT_EXISTS);
        assertThat(lines(output)).hasSize(10);

        run(engine, job(TextOutput.to(output).overwrite(true), (n, out) -> out.emit(n % 3, n)));
        assertThat(lines(output)).hasSize(10).allMatch(line -> line.matches("[012]\t\\d"));
        assertThat(everythingIn(output)).containsExactly("_SUCCESS", "part-00000", "part-00001");
    }

    @Test
    void theOldResultIsUntouchedWhileItsReplacementRunsAndWhenThatFails() throws Exception {
        Path output = folder.resolve("out");
        run(engine, job(TextOutput.to(output)));
        List<String> before = lines(output);
        String manifest = Files.readString(output.resolve("_SUCCESS"));
        try (Shared shared = new Shared()) {
            JobSpec<Long, Long> replacement = JobSpec.named("replacement")
                    .read(MemoryInput.of(Codecs.LONG, List.of(1L, 2L, 3L)))
                    .map(Long.class, Long.class, (n, out) -> out.emit(n, n))
                    .partitions(1)
                    .<Long, Long>reduce(Long.class, Long.class, (key, values, out) -> {
                        out.emit(key, key);
                        if (key == 3) {
                            shared.open("written");
                            shared.await("looked");
                            throw new IllegalStateException("at the end");
                        }
                    })
                    .writeTo(TextOutput.to(output).overwrite(true));
            JobHandle<Long, Long> handle = engine.submit(replacement);
            shared.await("written");
            assertThat(lines(output)).isEqualTo(before);
            shared.open("looked");
            failureOf(handle, ErrorCode.USER_CODE_FAILED);
            assertThat(stage(handle, "reduce-1").failedAttempts()).isEqualTo(4);
        }
        assertThat(lines(output)).isEqualTo(before);
        assertThat(output.resolve("_SUCCESS")).hasContent(manifest);
        assertThat(everythingIn(output)).containsExactly("_SUCCESS", "part-00000", "part-00001");
    }

    @Test
    void ofTwoJobsThatWriteToOneDirectoryTheSecondIsRefused() throws Exception {
        Path output = folder.resolve("out");
        try (Shared shared = new Shared()) {
            JobHandle<Long, Long> first = engine.submit(job(TextOutput.to(output), (n, out) -> {
                shared.open("first runs");
                shared.await("second has failed");
                out.emit(n, n);
            }));
            shared.await("first runs");
            for (TextOutput same :
                    List.of(TextOutput.to(output), TextOutput.to(output).overwrite(true))) {
                assertThat(failureOf(engine.submit(job(same)), ErrorCode.OUTPUT_CLAIMED))
                        .contains(output.toString(), first.id());
            }
            shared.open("second has failed");
            first.await().close();
        }
        assertThat(lines(output)).hasSize(10);
        assertThat(everythingIn(output)).containsExactly("_SUCCESS", "part-00000", "part-00001");
    }

    @Test
    void ofManyJobsAtOnceOneWritesTheDirectory() throws Exception {
        Path output = folder.resolve("out");
        List<JobHandle<Long, Long>> handles = LongStream.range(0, 6)
                .mapToObj(i -> engine.submit(job(TextOutput.to(output), (n, out) -> out.emit(i, n))))
                .toList();
        int succeeded = 0;
        for (JobHandle<Long, Long> handle : handles) {
            try {
                handle.await().close();
                succeeded++;
            } catch (dev.sampo.spi.SampoException e) {
                assertThat(e.code()).isIn(ErrorCode.OUTPUT_CLAIMED, ErrorCode.OUTPUT_EXISTS);
            }
        }
        assertThat(succeeded).isEqualTo(1);
        assertThat(lines(output).stream().map(line -> line.substring(0, 1)).distinct())
                .hasSize(1);
        assertThat(everythingIn(output)).containsExactly("_SUCCESS", "part-00000", "part-00001");
    }

    @Test
    void aPathBelowAFileCannotBeWritten() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "content");
        assertThat(failureOf(engine.submit(job(TextOutput.to(file.resolve("out")))), ErrorCode.OUTPUT_UNWRITABLE))
                .contains(file.resolve("out").toString());
        assertThat(failureOf(engine.submit(job(TextOutput.to(file))), ErrorCode.OUTPUT_EXISTS))
                .contains("is a file");
        assertThat(file).hasContent("content");
    }

    /** A file system of one mebibyte in memory, where the test may mount one. */
    private static final class SmallDisk implements AutoCloseable {
        private final Path at;

        SmallDisk(Path at) throws IOException {
            this.at = at;
            boolean isRoot = System.getProperty("os.name").equals("Linux")
                    && System.getProperty("user.name").equals("root");
            assumeTrue(
                    isRoot && run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", at.toString()) == 0, "may mount");
        }

        private static int run(String... command) throws IOException {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                return process.waitFor(20, TimeUnit.SECONDS) ? process.exitValue() : -1;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return -1;
            }
        }

        void makeReadOnly() throws IOException {
            assertThat(run("mount", "-o", "remount,ro", at.toString())).isZero();
        }

        @Override
        public void close() throws IOException {
            assertThat(run("umount", at.toString())).isZero();
        }
    }

    private static JobSpec<Long, String> largeJob(Path output) {
        String filler = new Random(1)
                .ints(10_000, 'a', 'z' + 1)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return JobSpec.named("large")
                .read(MemoryInput.of(
                        Codecs.LONG, LongStream.range(0, 300).boxed().toList()))
                .map(Long.class, Long.class, (n, out) -> out.emit(n, n))
                .partitions(2)
                .reduce(Long.class, String.class, (key, values, out) -> out.emit(key, filler))
                .writeTo(TextOutput.to(output));
    }

    @Test
    void aFullOutputDiskFailsTheJobAndLeavesNothing() throws Exception {
        Path mount = Files.createDirectory(folder.resolve("mount"));
        try (SmallDisk disk = new SmallDisk(mount)) {
            FileStore store = Files.getFileStore(disk.at);
            long free = store.getUsableSpace();
            JobHandle<Long, String> handle = engine.submit(largeJob(mount.resolve("out")));
            assertThat(failureOf(handle, ErrorCode.OUTPUT_UNWRITABLE))
                    .contains(mount.resolve("out").toString(), "No space left on device", "reduce-1 task");
            assertThat(everythingIn(mount)).isEmpty();
            assertThat(store.getUsableSpace()).isEqualTo(free);
        }
    }

    @Test
    void aReadOnlyDiskFailsTheJob() throws Exception {
        Path mount = Files.createDirectory(folder.resolve("mount"));
        try (SmallDisk disk = new SmallDisk(mount)) {
            disk.makeReadOnly();
            assertThat(failureOf(engine.submit(job(TextOutput.to(mount.resolve("out")))), ErrorCode.OUTPUT_UNWRITABLE))
                    .contains(mount.resolve("out").toString());
        }
    }

    @Test
    void aFullDiskForSpillsFailsTheJobAndTheEngineGoesOn() throws Exception {
        Path mount = Files.createDirectory(folder.resolve("mount"));
        try (SmallDisk disk = new SmallDisk(mount);
                Sampo small = engine("sampo.slots = 1", "sampo.memory = 1m", "sampo.temp-dir = \"" + disk.at + "\"")) {
            JobSpec<byte[], Long> job = JobSpec.named("spilling")
                    .read(MemoryInput.of(
                            Codecs.LONG, LongStream.range(0, 4_000).boxed().toList()))
                    .map(byte[].class, Long.class, (n, out) -> {
                        byte[] noise = new byte[1_000];
                        new Random(n).nextBytes(noise);
                        out.emit(noise, n);
                    })
                    .reduce(byte[].class, Long.class, Reducers.sumLong())
                    .writeTo(TextOutput.to(folder.resolve("out")));
            JobHandle<byte[], Long> handle = small.submit(job);
            assertThat(failureOf(handle, ErrorCode.SPILL_FAILED)).contains("map task 0", mount.toString());
            assertThat(stage(handle, "map").failedAttempts()).isEqualTo(4);
            assertThat(folder.resolve("out")).doesNotExist();
            run(small, job(TextOutput.to(folder.resolve("out"))));
            assertThat(lines(folder.resolve("out"))).hasSize(10);
        }
    }
}
