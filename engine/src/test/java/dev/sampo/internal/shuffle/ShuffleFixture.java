package dev.sampo.internal.shuffle;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Records, a plain model of what the shuffle must do with them, and drivers of the real thing. */
final class ShuffleFixture {
    static final long LEAST = MapOutputBuffer.LEAST_MEMORY;

    private ShuffleFixture() {}

    /** A record to emit. */
    record Rec(int partition, byte[] key, byte[] value) {}

    /** A group as the reducer sees it: the first full key, and the values in order. */
    record Group(String key, List<String> values) {}

    /** Reads a string of characters 0 to 255 as bytes, so that failures can be read. */
    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static String text(byte[] array, int offset, int length) {
        return new String(array, offset, length, StandardCharsets.ISO_8859_1);
    }

    static MapOutput output(List<Rec> records, ShuffleSpec spec, ShuffleSettings settings, long memory, Path directory)
            throws IOException {
        try (MapOutputBuffer buffer = new MapOutputBuffer(spec, settings, memory, directory, "attempt")) {
            addAll(buffer, records);
            return buffer.finish();
        }
    }

    static void addAll(MapOutputBuffer buffer, List<Rec> records) throws IOException {
        for (Rec rec : records) {
            buffer.add(rec.partition(), rec.key(), 0, rec.key().length, rec.value(), 0, rec.value().length);
        }
    }

    static List<Group> groups(
            List<Segment> segments, ShuffleSpec spec, ShuffleSettings settings, long memory, Path directory)
            throws IOException {
        try (SegmentMerger merger = new SegmentMerger(segments, spec, settings, memory, directory)) {
            return groups(merger);
        }
    }

    static List<Group> groups(SegmentMerger merger) throws IOException {
        List<Group> groups = new ArrayList<>();
        while (merger.nextGroup()) {
            List<String> values = new ArrayList<>();
            while (merger.nextValue()) {
                values.add(text(merger.valueArray(), merger.valueOffset(), merger.valueLength()));
            }
            groups.add(new Group(text(merger.keyArray(), merger.keyOffset(), merger.keyLength()), values));
        }
        return groups;
    }

    /** What the groups of a partition must be, from the records of the map tasks in order. */
    static List<Group> model(List<List<Rec>> tasks, int partition) {
        TreeMap<byte[], List<String>> sorted = new TreeMap<>(Arrays::compareUnsigned);
        for (List<Rec> task : tasks) {
            for (Rec rec : task) {
                if (rec.partition() == partition) {
                    sorted.computeIfAbsent(rec.key(), k -> new ArrayList<>())
                            .add(text(rec.value(), 0, rec.value().length));
                }
            }
        }
        List<Group> groups = new ArrayList<>();
        sorted.forEach((key, values) -> groups.add(new Group(text(key, 0, key.length), values)));
        return groups;
    }

    /** Records with empty keys, keys that are prefixes of others, long shared prefixes, many equal keys. */
    static List<Rec> awkwardRecords(Random random, int count, int partitions, int largestValue) {
        byte[] shared = new byte[40];
        random.nextBytes(shared);
        List<Rec> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] key = switch (random.nextInt(5)) {
                case 0 -> Arrays.copyOf(shared, random.nextInt(shared.length + 1));
                case 1 -> new byte[random.nextInt(20)];
                case 2 -> randomBytes(random, random.nextInt(12));
                case 3 -> {
                    byte[] long1 = Arrays.copyOf(shared, 24 + random.nextInt(40));
                    long1[long1.length - 1] = (byte) random.nextInt(4);
                    yield long1;
                }
                default -> bytes("k" + random.nextInt(1 + count / 8));
            };
            int partition = KeyHash.partition(KeyHash.hash(key, 0, key.length), partitions);
            records.add(new Rec(partition, key, randomBytes(random, random.nextInt(largestValue + 1))));
        }
        return records;
    }

    static byte[] randomBytes(Random random, int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    static List<Path> filesUnder(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (Stream<Path> walk = Files.walk(directory)) {
            return walk.filter(Files::isRegularFile).toList();
        }
    }
}
