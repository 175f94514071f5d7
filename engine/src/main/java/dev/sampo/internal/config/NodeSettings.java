package dev.sampo.internal.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a node gives to attempts.
 *
 * @param slots attempts that run at once, at least 1
 * @param memoryBytes the bytes of the shuffle budget that all slots share
 * @param tempDirectory where spills and segments go; empty for one in the data directory, or else under java.io.tmpdir
 * @param dataDirectory where the node keeps what belongs to no single attempt; empty for one under java.io.tmpdir
 * @param weight its share of the placement ring, more than 0
 * @param labels what its operator says of it
 */
public record NodeSettings(
        int slots,
        long memoryBytes,
        Optional<Path> tempDirectory,
        Optional<Path> dataDirectory,
        double weight,
        Map<String, String> labels) {
    private static final int MOST_SLOTS = 1024;
    private static final double LEAST_WEIGHT = 0.01;
    private static final double MOST_WEIGHT = 10_000;
    private static final long LEAST_MEMORY = 1L << 20;
    private static final long MOST_MEMORY = 1L << 44;
    /** What an engine takes of a heap before it runs anything: classes, actors, the fixed buffers of readers. */
    private static final long ENGINE_BYTES = 16L << 20;
    /** With less, a slot would spill and merge all the time: fewer slots get more done. */
    private static final long SLOT_BYTES = 2L << 20;
    /** Beyond this share of the heap the budget would leave too little to job functions and the garbage collector. */
    private static final double LARGEST_HEAP_SHARE = 0.6;

    /** Copies the labels. */
    public NodeSettings {
        labels = Map.copyOf(labels);
    }

    /** Returns the folder in which the node makes a private directory for this life. */
    public Path temporaryRoot() {
        return tempDirectory
                .or(() -> dataDirectory.map(data -> data.resolve("temp")))
                .orElseGet(() -> Path.of(System.getProperty("java.io.tmpdir")));
    }

    /** Returns the part of the shuffle budget that one slot may count on. */
    public long memoryBytesPerSlot() {
        return Math.max(1, memoryBytes / slots);
    }

    static NodeSettings from(ConfigReader reader, Machine machine, List<String> warnings) {
        OptionalInt configured = reader.integerOrAuto("slots", 1, MOST_SLOTS);
        long memory = memory(reader.bytesOrAuto("memory", LEAST_MEMORY, MOST_MEMORY), machine, warnings);
        int slots = configured.orElse(slots(machine, memory));
        return new NodeSettings(
                slots,
                memory,
                reader.pathOrAuto("temp-dir"),
                reader.pathOrAuto("data-dir"),
                reader.decimalOrAuto("weight", LEAST_WEIGHT, MOST_WEIGHT).orElse(slots),
                reader.pairs("labels"));
    }

    private static int slots(Machine machine, long memoryBytes) {
        long fed = Math.max(1, memoryBytes / SLOT_BYTES);
        return (int) Math.min(fed, Math.min(machine.processors(), MOST_SLOTS));
    }

    private static long memory(OptionalLong configured, Machine machine, List<String> warnings) {
        long most = (long) (machine.maxHeapBytes() * LARGEST_HEAP_SHARE);
        long wanted = configured.orElse(Math.max(LEAST_MEMORY, (machine.maxHeapBytes() - ENGINE_BYTES) / 2));
        if (wanted <= most) {
            return wanted;
        }
        warnings.add(String.format(
                Locale.ROOT,
                "sampo.memory: %s is more than %.0f %% of the maximum heap of %d bytes; reduced to %d bytes",
                ByteSize.format(wanted),
                LARGEST_HEAP_SHARE * 100,
                machine.maxHeapBytes(),
                most));
        return most;
    }
}
