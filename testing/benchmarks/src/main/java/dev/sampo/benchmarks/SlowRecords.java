package dev.sampo.benchmarks;

import dev.sampo.spi.InputSource;
import dev.sampo.spi.ReadOptions;
import dev.sampo.spi.RecordReader;
import dev.sampo.spi.Split;
import java.util.List;
import java.util.stream.IntStream;

/**
 * An input whose records take their time, as those of a disk or a service do: longer on a node whose JVM was started as
 * a slow one.
 *
 * @param splits how many splits
 * @param records how many records each has; a record is one byte
 * @param millis how long one takes
 */
record SlowRecords(int splits, int records, long millis) implements InputSource<Long> {
    /** How many times as long records take on a node. */
    static final String SLOWNESS = "sampo.bench.slowness";

    @Override
    public List<Split> splits(ReadOptions options) {
        return IntStream.range(0, splits)
                .mapToObj(index -> new Split("slow-" + index, records, List.of(), new byte[0]))
                .toList();
    }

    @Override
    public RecordReader<Long> open(Split split, ReadOptions options) {
        return new Reader(split.identity(), records, millis * Integer.getInteger(SLOWNESS, 1));
    }

    private static final class Reader implements RecordReader<Long> {
        private final String path;
        private final int records;
        private final long millis;
        private long read;

        private Reader(String path, int records, long millis) {
            this.path = path;
            this.records = records;
            this.millis = millis;
        }

        @Override
        public boolean next() {
            if (read == records) {
                return false;
            }
            try {
                Thread.sleep(millis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // the attempt looks at it before the next record
            }
            read++;
            return true;
        }

        @Override
        public Long record() {
            return read;
        }

        @Override
        public String path() {
            return path;
        }

        @Override
        public long offset() {
            return read - 1;
        }

        @Override
        public long bytesRead() {
            return read;
        }

        @Override
        public void close() {}
    }
}
