package dev.sampo.io;

import static dev.sampo.io.CodecsTest.refuses;
import static dev.sampo.io.ReadBack.paths;
import static dev.sampo.io.ReadBack.records;
import static dev.sampo.io.ReadBack.splitBytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.RecordReader;
import dev.sampo.spi.Split;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class TextInputTest {
    private static final long MIB = 1 << 20;

    @TempDir
    private Path dir;

    private Path write(String name, String content) throws IOException {
        Path file = dir.resolve(name);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        return Files.writeString(file, content);
    }

    @Test
    void readsAllFilesOfADirectoryInTheByteOrderOfTheirPaths() throws IOException {
        write("in/b.txt", "b\n");
        write("in/a/z.txt", "z\n");
        write("in/a.txt", "a\n");
        write("in/.hidden", "hidden\n");
        write("in/_x", "x\n");
        write("in/\u00E4", "umlaut\n");
        assertThat(records(TextInput.from(dir + "/in"), MIB)).containsExactly("hidden", "x", "a", "z", "b", "umlaut");
        assertThat(paths(TextInput.from(dir + "/in/"), MIB)).contains(dir + "/in/a.txt", dir + "/in/a/z.txt");
    }

    @Test
    void passesOverWhatACommitLeavesBesideItsParts() throws IOException {
        write("out/part-00000", "0\n");
        write("out/part-00001", "1\n");
        write("out/_SUCCESS", "{}\n");
        write("out/_temporary/attempt/part-00000", "no\n");
        assertThat(records(TextInput.from(dir + "/out"), MIB)).containsExactly("0", "1");
        assertThat(records(TextInput.from(dir + "/out/*"), MIB)).containsExactly("0", "1");
        assertThat(records(TextInput.from(dir + "/out/_SUCCESS"), MIB)).containsExactly("{}");
    }

    @Test
    void readsGlobs() throws IOException {
        write("in/a.txt", "a\n");
        write("in/b.log", "b\n");
        write("in/sub/c.txt", "c\n");
        write("in/sub/deep/d.txt", "d\n");
        write("in/[x].txt", "x\n");
        String in = dir + "/in/";
        assertThat(records(TextInput.from(in + "*.txt"), MIB)).containsExactly("x", "a");
        assertThat(records(TextInput.from(in + "*.{txt,log}"), MIB)).containsExactly("x", "a", "b");
        assertThat(records(TextInput.from(in + "?.txt"), MIB)).containsExactly("a");
        assertThat(records(TextInput.from(in + "**"), MIB)).containsExactly("x", "a", "b", "c", "d");
        assertThat(records(TextInput.from(in + "**/*.txt"), MIB)).containsExactly("x", "a", "c", "d");
        assertThat(records(TextInput.from(in + "s*"), MIB)).containsExactly("c", "d");
        assertThat(records(TextInput.from(in + "*/*.txt"), MIB)).containsExactly("c");
        assertThat(records(TextInput.from(in + "*/deep/"), MIB)).containsExactly("d");
        assertThat(records(TextInput.from(in + "{a.txt,sub/c.txt}"), MIB)).containsExactly("a", "c");
        assertThat(paths(TextInput.from(in + "s*/**/d.txt"), MIB)).containsExactly(in + "sub/deep/d.txt");
    }

    @Test
    void aPathThatExistsComesBeforeItsReadingAsAGlob() throws IOException {
        write("a[1].txt", "brackets\n");
        write("a1.txt", "one\n");
        assertThat(records(TextInput.from(dir + "/a[1].txt"), MIB)).containsExactly("brackets");
        Files.delete(dir.resolve("a[1].txt"));
        assertThat(records(TextInput.from(dir + "/a[1].txt"), MIB)).containsExactly("one");
        refuses(
                ErrorCode.INPUT_NOT_FOUND,
                () -> TextInput.from(dir.resolve("a[1].txt")).splits(splitBytes(MIB)),
                "a[1].txt");
    }

    @Test
    void keepsTheOrderOfTheInputsAndReadsThemAsOftenAsNamed() throws IOException {
        Path b = write("b", "b\n");
        Path a = write("a", "a\n");
        assertThat(records(TextInput.from(b, a, b), MIB)).containsExactly("b", "a", "b");
        assertThat(records(TextInput.from(b.toString(), dir.toString()), 1)).containsExactly("b", "a", "b");
    }

    @Test
    void refusesWhatDoesNotExist() {
        String missing = dir + "/missing";
        refuses(ErrorCode.INPUT_NOT_FOUND, () -> TextInput.from(missing).splits(splitBytes(1)), missing);
        refuses(
                ErrorCode.INPUT_NOT_FOUND,
                () -> TextInput.from(missing + "/*.txt").splits(splitBytes(1)),
                missing);
        refuses(ErrorCode.INPUT_NOT_FOUND, () -> TextInput.from(dir + "/*.txt").splits(splitBytes(1)), "*.txt");
        refuses(ErrorCode.INPUT_NOT_FOUND, () -> TextInput.from(dir + "/{a").splits(splitBytes(1)), "{a");
        refuses(
                ErrorCode.INPUT_NOT_FOUND,
                () -> TextInput.from(dir.resolve("missing").toUri().toString()).splits(splitBytes(1)),
                "missing");
        refuses(
                ErrorCode.INPUT_NOT_FOUND,
                () -> TextInput.from("jar:file:" + dir + "/none.zip!/a").splits(splitBytes(1)),
                "none.zip");
        refuses(ErrorCode.INPUT_NOT_FOUND, () -> TextInput.from(""), "expected a path");
        refuses(
                ErrorCode.INPUT_UNREADABLE,
                () -> TextInput.from("nosuchscheme:/a").splits(splitBytes(1)),
                "nosuchscheme:/a");
    }

    @Test
    void refusesLinksThatLeadNowhere() throws IOException {
        Path in = Files.createDirectories(dir.resolve("in"));
        Files.createSymbolicLink(in.resolve("link"), dir.resolve("gone"));
        refuses(ErrorCode.INPUT_UNREADABLE, () -> TextInput.from(in + "/*").splits(splitBytes(1)), "in/link");
        refuses(
                ErrorCode.INPUT_UNREADABLE,
                () -> TextInput.from(in.resolve("link")).splits(splitBytes(1)),
                "in/link");
    }

    @Test
    void followsLinksThatAreNamedOrMatched() throws IOException {
        write("real/a.txt", "a\n");
        Path in = Files.createDirectories(dir.resolve("in"));
        Path directory = Files.createSymbolicLink(in.resolve("directory"), dir.resolve("real"));
        Files.createSymbolicLink(in.resolve("file"), dir.resolve("real/a.txt"));
        assertThat(records(TextInput.from(in + "/*"), MIB)).containsExactly("a", "a");
        assertThat(records(TextInput.from(directory), MIB)).containsExactly("a");
        Files.createSymbolicLink(in.resolve("up"), in);
        refuses(ErrorCode.INPUT_UNREADABLE, () -> TextInput.from(in + "/*").splits(splitBytes(1)), "in/up", "cycle");
    }

    @Test
    void passesOverLinksBelowANamedDirectory() throws IOException {
        write("in/a.txt", "a\n");
        Path in = dir.resolve("in");
        Files.createSymbolicLink(in.resolve("again.txt"), in.resolve("a.txt"));
        Files.createSymbolicLink(in.resolve("nowhere.txt"), in.resolve("gone"));
        Files.createSymbolicLink(in.resolve("up"), in);
        Files.createSymbolicLink(in.resolve("aside"), Files.createDirectories(dir.resolve("other")));
        assertThat(records(TextInput.from(in), MIB)).containsExactly("a");
    }

    @Test
    void refusesADirectoryInPlaceOfAFileWhileReading() throws IOException {
        Path file = write("a.txt", "a\n");
        TextInput input = TextInput.from(file);
        Split split = input.splits(splitBytes(MIB)).get(0);
        Files.delete(file);
        refuses(ErrorCode.INPUT_NOT_FOUND, () -> ReadBack.lines(input, split, splitBytes(MIB)), "a.txt");
        Files.createDirectory(file);
        refuses(ErrorCode.INPUT_UNREADABLE, () -> ReadBack.lines(input, split, splitBytes(MIB)), "a.txt");
    }

    @Test
    void emptyInputsHaveNoRecords() throws IOException {
        Path file = write("in/empty", "");
        assertThat(records(TextInput.from(file), MIB)).isEmpty();
        assertThat(records(TextInput.from(dir.resolve("in")), MIB)).isEmpty();
        Path nothing = Files.createDirectory(dir.resolve("nothing"));
        assertThat(TextInput.from(nothing).splits(splitBytes(MIB))).isEmpty();
        assertThat(TextInput.from(List.of()).splits(splitBytes(MIB))).isEmpty();
    }

    @Test
    void packsSmallFilesAndCutsLargeOnesInOrder() throws IOException {
        List<String> expected = new ArrayList<>();
        int[] sizes = {10, 10, 10, 10, 95, 300, 10, 10, 104, 1, 250};
        for (int i = 0; i < sizes.length; i++) {
            String line = Character.toString('a' + i).repeat(9);
            StringBuilder content = new StringBuilder();
            for (int at = 0; at < sizes[i]; at += 10) {
                String record = sizes[i] - at < 10 ? line.substring(0, sizes[i] - at) : line;
                expected.add(record);
                content.append(record).append(sizes[i] - at < 10 ? "" : "\n");
            }
            write("in/" + (char) ('a' + i), content.toString());
        }
        TextInput input = TextInput.from(dir.resolve("in"));
        List<Split> splits = input.splits(splitBytes(100));
        assertThat(splits)
                .extracting(Split::bytes)
                .containsExactly(40L, 95L, 100L, 100L, 100L, 20L, 104L, 1L, 100L, 100L, 50L);
        assertThat(splits).extracting(Split::identity).doesNotHaveDuplicates();
        assertThat(splits.get(2).identity()).isEqualTo(dir + "/in/f[0,100)");
        assertThat(splits.get(0).identity()).isEqualTo(dir + "/in/a and 3 more, 40 bytes");
        assertThat(splits.get(1).identity()).isEqualTo(dir + "/in/e[0,95)");
        assertThat(input.splits(splitBytes(100))).isEqualTo(splits);
        assertThat(records(input, 100)).isEqualTo(expected);
    }

    @Test
    void aSmallRemainderJoinsThePieceBeforeIt() throws IOException {
        Path file = write("a", "x".repeat(209));
        assertThat(TextInput.from(file).splits(splitBytes(100)))
                .extracting(Split::bytes)
                .containsExactly(100L, 109L);
        assertThat(TextInput.from(write("b", "x".repeat(210))).splits(splitBytes(100)))
                .extracting(Split::bytes)
                .containsExactly(100L, 100L, 10L);
    }

    @Test
    @Timeout(60)
    void plansManySmallFilesQuicklyAndInLittleSpace() throws IOException {
        int files = 9_000;
        for (int i = 0; i < files; i++) {
            Path file = dir.resolve("in/directory-%03d/a-rather-long-name-of-a-file-%06d.txt".formatted(i / 500, i));
            if (i % 500 == 0) {
                Files.createDirectories(Objects.requireNonNull(file.getParent()));
            }
            Files.createFile(file);
        }
        long start = System.nanoTime();
        List<Split> splits = TextInput.from(dir.resolve("in")).splits(splitBytes(64 * MIB));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        assertThat(splits).hasSize((files + SplitPlanner.MAX_FILES_PER_SPLIT - 1) / SplitPlanner.MAX_FILES_PER_SPLIT);
        assertThat(splits.stream().mapToInt(split -> split.payload().length).sum())
                .isLessThan(files * 15);
    }

    @Test
    void relativePathsAreShownAsNamedAndReadFromWhereTheyWereNamed() throws IOException {
        Path here = Path.of("").toAbsolutePath();
        String relative =
                here.relativize(write("in/a.txt", "a\n").toAbsolutePath()).toString();
        String parent = relative.substring(0, relative.lastIndexOf('/'));
        assertThat(paths(TextInput.from(relative), MIB)).containsExactly(relative);
        assertThat(paths(TextInput.from(parent), MIB)).containsExactly(parent + "/a.txt");
        assertThat(paths(TextInput.from(parent + "/*"), MIB)).containsExactly(parent + "/a.txt");
        assertThat(paths(TextInput.from(Path.of(parent)), MIB)).containsExactly(parent + "/a.txt");
        assertThat(TextInput.from(parent).splits(splitBytes(MIB)).get(0).identity())
                .isEqualTo(here + "/" + parent + "/a.txt[0,2)");
    }

    @Test
    void stringsHaveReplacementCharactersForMalformedBytes() throws IOException {
        Path file = dir.resolve("a");
        Files.write(file, new byte[] {'a', (byte) 0xFF, '\r', '\n', 0});
        assertThat(records(TextInput.from(file).asStrings(), MIB)).containsExactly("a\uFFFD\r", "\0");
    }

    @Test
    void readsAndGlobsInsideAZipFile() throws IOException {
        Path zip = dir.resolve("books in a.zip");
        try (FileSystem fileSystem = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
            Files.createDirectories(fileSystem.getPath("/en/old"));
            Files.writeString(fileSystem.getPath("/en/a.txt"), "a1\na2\n");
            Files.writeString(fileSystem.getPath("/en/old/b.txt"), "b\n");
            Files.writeString(fileSystem.getPath("/c.log"), "c1\nc2\nc3".repeat(50));
        }
        URI base = URI.create("jar:" + zip.toUri() + "!/");
        assertThat(records(TextInput.from(base + "en"), MIB)).containsExactly("a1", "a2", "b");
        assertThat(records(TextInput.from(base + "en/a.txt"), MIB)).containsExactly("a1", "a2");
        assertThat(records(TextInput.from(base + "**/*.txt"), MIB)).containsExactly("a1", "a2", "b");
        assertThat(records(TextInput.from(base.toString()), MIB)).hasSize(3 + 101);
        assertThat(records(TextInput.from(base + "c.log"), 7)).isEqualTo(records(TextInput.from(base + "c.log"), MIB));
        assertThat(paths(TextInput.from(base + "en"), MIB)).containsExactly(base + "en/a.txt", base + "en/old/b.txt");
        refuses(ErrorCode.INPUT_NOT_FOUND, () -> TextInput.from(base + "none").splits(splitBytes(1)), "!/none");
        try (FileSystem open = FileSystems.newFileSystem(zip)) {
            assertThat(records(TextInput.from(open.getPath("/en/a.txt")), MIB)).containsExactly("a1", "a2");
        }
    }

    @Test
    void readsFileUris() throws IOException {
        Path file = write("a b.txt", "a\n");
        assertThat(records(TextInput.from(file.toUri().toString()), MIB)).containsExactly("a");
        assertThat(records(TextInput.from("file://" + dir + "/a*.txt"), MIB)).containsExactly("a");
    }

    @Test
    void refusesAFileThatIsNoArchive() throws IOException {
        Path file = write("a.zip", "not a zip file");
        refuses(
                ErrorCode.INPUT_CORRUPT,
                () -> TextInput.from("jar:" + file.toUri() + "!/a").splits(splitBytes(1)),
                "a.zip");
    }

    @Test
    void closesFilesAsItGoes() throws IOException {
        for (int i = 0; i < 300; i++) {
            write("in/" + i, "x\n");
        }
        Path handles = Path.of("/proc/self/fd");
        org.junit.jupiter.api.Assumptions.assumeTrue(Files.isDirectory(handles));
        TextInput input = TextInput.from(dir.resolve("in"));
        Split split = input.splits(splitBytes(MIB)).get(0);
        try (RecordReader<Text> reader = input.open(split, splitBytes(MIB))) {
            int most = 0;
            while (reader.next()) {
                try (var open = Files.list(handles)) {
                    most = Math.max(most, (int) open.map(this::target)
                            .filter(target -> target.startsWith(dir.toString()))
                            .count());
                }
            }
            assertThat(most).isEqualTo(1);
        }
    }

    private String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return "";
        }
    }
}
