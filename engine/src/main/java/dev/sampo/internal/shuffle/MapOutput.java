package dev.sampo.internal.shuffle;

import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The sorted records of one attempt by partition, in memory or in one file. Immutable and safe for many threads; whoever
 * holds it deletes it.
 */
public final class MapOutput {
    private final String name;
    private final SegmentIndex index;
    private final int blockBytes;
    private final byte @Nullable [] memory;
    private final @Nullable Path file;

    MapOutput(String name, SegmentIndex index, int blockBytes, byte @Nullable [] memory, @Nullable Path file) {
        this.name = name;
        this.index = index;
        this.blockBytes = blockBytes;
        this.memory = memory;
        this.file = file;
    }

    /** Returns the number of partitions. */
    public int partitions() {
        return index.partitions();
    }

    /** Returns where the partitions lie. */
    public SegmentIndex index() {
        return index;
    }

    /** Returns whether it takes heap rather than disk. */
    public boolean inMemory() {
        return memory != null;
    }

    /** Returns the bytes it takes, in memory or on disk, without the index. */
    public long storedBytes() {
        return memory != null ? memory.length : index.storedBytes();
    }

    /** Returns the file, or null when it is in memory. */
    public @Nullable Path file() {
        return file;
    }

    /** Returns one partition. Damage found while reading it is {@link ErrorCode#FETCH_FAILED}: the map task can run again. */
    public Segment segment(int partition) {
        return segment(partition, ErrorCode.FETCH_FAILED, null);
    }

    /** Returns one partition of a spill: damage is {@link ErrorCode#DATA_CORRUPT}, and all partitions share a channel. */
    Segment spilled(int partition, @Nullable FileChannel channel) {
        return segment(partition, ErrorCode.DATA_CORRUPT, channel);
    }

    private Segment segment(int partition, ErrorCode onDamage, @Nullable FileChannel channel) {
        Objects.checkIndex(partition, partitions());
        return new Part(partition, onDamage, channel);
    }

    String name() {
        return name;
    }

    int blockBytes() {
        return blockBytes;
    }

    byte @Nullable [] memory() {
        return memory;
    }

    FileChannel openChannel(ErrorCode onDamage) throws IOException {
        Path path = Objects.requireNonNull(file, "file");
        try {
            return FileChannel.open(path, StandardOpenOption.READ);
        } catch (ClosedByInterruptException interrupted) {
            throw interrupted;
        } catch (IOException failure) {
            throw new SampoException(
                    onDamage, path + " cannot be opened: " + failure + "; expected a map output", failure);
        }
    }

    /** Frees what it takes: deletes the file, and its directory when that became empty. */
    public void delete() {
        if (file != null) {
            TempFiles.delete(file);
        }
    }

    @Override
    public String toString() {
        return name + " (" + partitions() + " partitions, " + storedBytes() + " bytes "
                + (file == null ? "in memory" : "in " + file) + ")";
    }

    private final class Part implements Segment {
        private final int partition;
        private final ErrorCode onDamage;
        private final @Nullable FileChannel shared;

        Part(int partition, ErrorCode onDamage, @Nullable FileChannel shared) {
            this.partition = partition;
            this.onDamage = onDamage;
            this.shared = shared;
        }

        @Override
        public String name() {
            return (file == null ? MapOutput.this.name : file) + ", partition " + partition;
        }

        @Override
        public long records() {
            return index.records(partition);
        }

        @Override
        public long rawBytes() {
            return index.rawBytes(partition);
        }

        @Override
        public long storedBytes() {
            return index.length(partition);
        }

        @Override
        public int largestRecord() {
            return index.largestRecord(partition);
        }

        @Override
        public int blockBytes() {
            return blockBytes;
        }

        @Override
        public boolean inPlace() {
            return memory != null;
        }

        @Override
        public BlockReader open(BlockDecoder decoder) throws IOException {
            long start = index.offset(partition);
            if (memory != null) {
                return new InPlaceBlockReader(memory, (int) start, (int) (start + storedBytes()));
            }
            StoredBytes.InFile source = shared == null
                    ? new StoredBytes.InFile(openChannel(onDamage), true)
                    : new StoredBytes.InFile(shared, false);
            return new CheckedBlockReader(this, source, onDamage, start, index.crc(partition), decoder);
        }
    }
}
