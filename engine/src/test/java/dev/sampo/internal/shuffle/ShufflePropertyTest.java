package dev.sampo.internal.shuffle;

import static dev.sampo.internal.shuffle.ShuffleFixture.LEAST;
import static dev.sampo.internal.shuffle.ShuffleFixture.awkwardRecords;
import static dev.sampo.internal.shuffle.ShuffleFixture.bytes;
import static dev.sampo.internal.shuffle.ShuffleFixture.filesUnder;
import static dev.sampo.internal.shuffle.ShuffleFixture.groups;
import static dev.sampo.internal.shuffle.ShuffleFixture.model;
import static dev.sampo.internal.shuffle.ShuffleFixture.output;
import static dev.sampo.internal.shuffle.ShuffleFixture.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sampo.api.Combiner;
import dev.sampo.api.Combiners;
import dev.sampo.internal.shuffle.ShuffleFixture.Group;
import dev.sampo.internal.shuffle.ShuffleFixture.Rec;
import dev.sampo.spi.ByteWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

/** The whole path, map side and reduce side, against a plain model; jqwik prints the seed of what fails. */
class ShufflePropertyTest {
    private static final int RECORDS = 3000;

    @Property(tries = 25)
    void groupsAreThoseOfAPlainSortHoweverOftenItSpills(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 7) int partitions,
            @ForAll @IntRange(min = 1, max = 9) int tasks,
            @ForAll @IntRange(min = 2, max = 5) int fanIn,
            @ForAll boolean compress,
            @ForAll @IntRange(min = 0, max = 2) int sizeClass)
            throws IOException {
        int largestValue = new int[] {30, 1500, 9000}[sizeClass];
        Random random = new Random(seed);
        List<List<Rec>> records = IntStream.range(0, tasks)
                .mapToObj(t -> awkwardRecords(random, random.nextInt(RECORDS), partitions, largestValue))
                .toList();
        ShuffleSettings settings = new ShuffleSettings(4096 << random.nextInt(4), fanIn, compress);
        check(records, new ShuffleSpec(partitions, null, KeyGrouping.WHOLE), settings, null);
    }

    @Property(tries = 15)
    void sumsAreRightHoweverOftenTheTableSpills(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 4) int partitions,
            @ForAll @IntRange(min = 1, max = 5) int tasks,
            @ForAll @IntRange(min = 2, max = 4) int fanIn)
            throws IOException {
        Random random = new Random(seed);
        List<List<Rec>> records = IntStream.range(0, tasks)
                .mapToObj(t -> awkwardRecords(random, random.nextInt(40_000), partitions, 0).stream()
                        .map(r -> new Rec(r.partition(), r.key(), Values.LONG.bytes(random.nextInt(1000))))
                        .toList())
                .toList();
        ShuffleSettings settings = new ShuffleSettings(4096, fanIn, true);
        Supplier<ValueFold> fold = () -> ValueFold.of(Combiners.sumLong(), Values.LONG);
        check(records, new ShuffleSpec(partitions, fold.get(), KeyGrouping.WHOLE), settings, Values::sum);
    }

    @Property(tries = 15)
    void valuesOfAnyWidthAreFoldedWhileTheyGrow(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 3) int partitions,
            @ForAll @IntRange(min = 1, max = 5) int tasks)
            throws IOException {
        Random random = new Random(seed);
        List<List<Rec>> records = IntStream.range(0, tasks)
                .mapToObj(t -> awkwardRecords(random, random.nextInt(6000), partitions, 40))
                .toList();
        ShuffleSettings settings = new ShuffleSettings(4096, 2, true);
        // Sorted characters: associative and commutative, and the value grows with every fold.
        Combiner<String> combiner = (left, right) -> Values.sorted(left + right);
        check(
                records,
                new ShuffleSpec(partitions, ValueFold.of(combiner, Values.TEXT), KeyGrouping.WHOLE),
                settings,
                values -> Values.sorted(String.join("", values)));
    }

    @Property(tries = 15)
    void secondarySortOrdersValuesAndGroupsByTheKeyAlone(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int tasks) throws IOException {
        Random random = new Random(seed);
        ByteWriter out = new ByteWriter();
        List<List<Rec>> plain = new ArrayList<>();
        List<List<Rec>> composite = new ArrayList<>();
        for (int t = 0; t < tasks; t++) {
            List<Rec> records = awkwardRecords(random, random.nextInt(RECORDS), 1, 0).stream()
                    .map(r -> new Rec(0, r.key(), bytes(Character.toString((char) random.nextInt(256)))))
                    .toList();
            plain.add(records);
            composite.add(records.stream()
                    .map(r -> {
                        out.clear();
                        CompositeKey.write(out, r.key(), 0, r.key().length, r.value(), 0, r.value().length);
                        return new Rec(0, out.toByteArray(), r.value());
                    })
                    .toList());
        }
        ShuffleSpec spec = new ShuffleSpec(1, null, KeyGrouping.PREFIX);
        List<Group> expected = model(plain, 0).stream()
                .map(g -> new Group(g.key(), g.values().stream().sorted().toList()))
                .toList();
        Path directory = Files.createTempDirectory("shuffle");
        List<Segment> segments = new ArrayList<>();
        for (int t = 0; t < tasks; t++) {
            segments.add(output(composite.get(t), spec, ShuffleSettings.defaults(), LEAST, directory.resolve("map" + t))
                    .segment(0));
        }
        List<Group> actual =
                groups(segments, spec, ShuffleSettings.defaults(), LEAST, directory.resolve("reduce")).stream()
                        .map(g -> {
                            out.clear();
                            byte[] key = bytes(g.key());
                            CompositeKey.readKey(out, key, 0, key.length);
                            return new Group(text(out.array(), 0, out.length()), g.values());
                        })
                        .toList();
        assertThat(actual).isEqualTo(expected);
    }

    private static void check(List<List<Rec>> tasks, ShuffleSpec spec, ShuffleSettings settings, @Nullable Fold fold)
            throws IOException {
        Path directory = Files.createTempDirectory("shuffle");
        for (long memory : new long[] {LEAST, 64 * LEAST}) {
            List<MapOutput> outputs = new ArrayList<>();
            for (int t = 0; t < tasks.size(); t++) {
                outputs.add(output(tasks.get(t), spec, settings, memory, directory.resolve("map" + t)));
            }
            for (int partition = 0; partition < spec.partitions(); partition++) {
                int p = partition;
                List<Segment> segments = outputs.stream().map(o -> o.segment(p)).toList();
                List<Group> actual = groups(segments, spec, settings, memory, directory.resolve("reduce"));
                List<Group> expected = model(tasks, partition);
                if (fold != null) {
                    // Every map task hands on at most one value per key; what remains is folded as a reducer would.
                    for (Group group : actual) {
                        assertThat(group.values()).hasSizeLessThanOrEqualTo(tasks.size());
                    }
                    actual = folded(actual, fold);
                    expected = folded(expected, fold);
                }
                assertThat(actual).isEqualTo(expected);
            }
            outputs.forEach(MapOutput::delete);
            assertThat(filesUnder(directory)).isEmpty();
        }
        Files.delete(directory);
    }

    private static List<Group> folded(List<Group> groups, Fold fold) {
        return groups.stream()
                .map(g -> new Group(g.key(), List.of(fold.of(g.values()))))
                .toList();
    }

    /** Folds all values of a group in the model. */
    private interface Fold {
        String of(List<String> values);
    }

    @Property(tries = 60)
    void compositeKeysKeepTheOrderOfTheirParts(@ForAll long seed) {
        Random random = new Random(seed);
        ByteWriter out = new ByteWriter();
        List<byte[][]> parts = Stream.generate(() -> new byte[][] {small(random), small(random)})
                .limit(20)
                .toList();
        for (byte[][] left : parts) {
            for (byte[][] right : parts) {
                int byParts = Arrays.compareUnsigned(left[0], right[0]);
                byParts = byParts != 0 ? byParts : Arrays.compareUnsigned(left[1], right[1]);
                int byBytes = Arrays.compareUnsigned(composite(out, left), composite(out, right));
                assertThat(Integer.signum(byBytes)).isEqualTo(Integer.signum(byParts));
            }
            byte[] composite = composite(out, left);
            out.clear();
            CompositeKey.readKey(out, composite, 0, composite.length);
            assertThat(out.toByteArray()).isEqualTo(left[0]);
        }
    }

    private static byte[] composite(ByteWriter out, byte[][] parts) {
        out.clear();
        CompositeKey.write(out, parts[0], 0, parts[0].length, parts[1], 0, parts[1].length);
        return out.toByteArray();
    }

    private static byte[] small(Random random) {
        byte[] bytes = new byte[random.nextInt(4)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) new int[] {0, 1, 2, 255}[random.nextInt(4)];
        }
        return bytes;
    }
}
