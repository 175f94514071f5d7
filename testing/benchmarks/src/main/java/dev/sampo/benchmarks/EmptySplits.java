package dev.sampo.benchmarks;

import dev.sampo.spi.InputSource;
import dev.sampo.spi.ReadOptions;
import dev.sampo.spi.RecordReader;
import dev.sampo.spi.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;

/**
 * An input of many splits without a record: each makes a map task that does nothing.
 *
 * @param count how many splits
 * @param stamps where the time is noted at which the input is listed and its first split opened; empty for nowhere
 */
record EmptySplits(int count, String stamps) implements InputSource<Long> {
    static final String LISTED = "listed";
    static final String OPENED = "opened";

    EmptySplits(int count) {
        this(count, "");
    }

    @Override
    public List<Split> splits(ReadOptions options) throws IOException {
        stamp(LISTED);
        return IntStream.range(0, count)
                .mapToObj(index -> new Split("empty-" + index, 0, List.of(), new byte[0]))
                .toList();
    }

    @Override
    public RecordReader<Long> open(Split split, ReadOptions options) throws IOException {
        if (split.identity().equals("empty-0")) {
            stamp(OPENED);
        }
        return new NoRecords(split.identity());
    }

    private void stamp(String name) throws IOException {
        if (!stamps.isEmpty()) {
            Files.writeString(Path.of(stamps, name), Long.toString(System.currentTimeMillis()));
        }
    }

    private record NoRecords(String path) implements RecordReader<Long> {
        @Override
        public boolean next() {
            return false;
        }

        @Override
        public Long record() {
            throw new NoSuchElementException("split " + path + " has no records");
        }

        @Override
        public long offset() {
            return 0;
        }

        @Override
        public long bytesRead() {
            return 0;
        }

        @Override
        public void close() {}
    }
}
