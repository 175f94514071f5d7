package dev.sampo.internal.shuffle;

/**
 * How shuffle data is laid out and merged.
 *
 * @param blockBytes the bytes of a block before compression, the unit of reading, compression and checksums; 4 KiB to
 *     16 MiB. A small memory budget makes blocks smaller
 * @param mergeFanIn the most runs merged at once, and so the most files held open by a merge, at least 2
 * @param compress whether blocks that go to files are compressed with LZ4
 */
public record ShuffleSettings(int blockBytes, int mergeFanIn, boolean compress) {
    static final int SMALLEST_BLOCK = 4 << 10;
    static final int LARGEST_BLOCK = 16 << 20;

    /** Checks the ranges. */
    public ShuffleSettings {
        if (blockBytes < SMALLEST_BLOCK || blockBytes > LARGEST_BLOCK) {
            throw new IllegalArgumentException("shuffle block size: " + blockBytes + " bytes; expected "
                    + SMALLEST_BLOCK + " to " + LARGEST_BLOCK);
        }
        if (mergeFanIn < 2) {
            throw new IllegalArgumentException("merge fan-in: " + mergeFanIn + "; expected at least 2");
        }
    }

    /** Returns blocks of 128 KiB, a fan-in of 128, and compression. */
    public static ShuffleSettings defaults() {
        return new ShuffleSettings(128 << 10, 128, true);
    }

    /** Returns the block size to use with a budget: a thirty-second of it at most, so that a merge can have many inputs. */
    int blockBytesFor(long memoryBytes) {
        long share = Long.highestOneBit(Math.max(1, memoryBytes / 32));
        return (int) Math.max(SMALLEST_BLOCK, Math.min(blockBytes, share));
    }
}
