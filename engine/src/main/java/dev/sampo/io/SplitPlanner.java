package dev.sampo.io;

import dev.sampo.spi.Split;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts files into splits and packs small ones together, in the order of the files: reading the splits one after the
 * other reads the files one after the other.
 */
final class SplitPlanner {
    /** Opening a file costs as much as reading some ten kilobytes, so very small files must not all go into one task. */
    static final int MAX_FILES_PER_SPLIT = 4096;

    private final long splitBytes;
    private final long pieceBytes;
    private final List<String> locations;
    private final List<Split> splits = new ArrayList<>();
    private final List<FoundFile> pack = new ArrayList<>();
    private long packBytes;

    /**
     * Creates a planner.
     *
     * @param splitBytes the size to aim for
     * @param unitBytes what a file may be cut at multiples of
     * @param locations where the files are at hand; empty for every node
     */
    SplitPlanner(long splitBytes, int unitBytes, List<String> locations) {
        this.locations = List.copyOf(locations);
        this.splitBytes = splitBytes;
        this.pieceBytes = Math.max(unitBytes, splitBytes / unitBytes * unitBytes);
    }

    /** Returns whether a file of this size would be cut, if it can be. */
    static boolean isLarge(long size, long splitBytes) {
        return isMoreThanOne(size, splitBytes);
    }

    /** A remainder of less than a tenth is not worth a task of its own. */
    private static boolean isMoreThanOne(long bytes, long pieceBytes) {
        return bytes - pieceBytes >= Math.max(1, pieceBytes / 10);
    }

    /** Plans the next file. */
    void add(FoundFile found) {
        if (found.file().content() == FilePiece.Content.PLAIN && isLarge(found.size(), splitBytes)) {
            closePack();
            cut(found);
            return;
        }
        if (!pack.isEmpty() && (packBytes + found.size() > splitBytes || pack.size() == MAX_FILES_PER_SPLIT)) {
            closePack();
        }
        pack.add(found);
        packBytes += found.size();
    }

    private void cut(FoundFile found) {
        long size = found.size();
        long from = 0;
        while (from < size) {
            long to = isMoreThanOne(size - from, pieceBytes) ? from + pieceBytes : size;
            splits.add(new Split(
                    found.identity() + "[" + from + "," + to + ")",
                    to - from,
                    locations,
                    PieceList.encode(List.of(found.file().part(from, to)))));
            from = to;
        }
    }

    private void closePack() {
        if (pack.isEmpty()) {
            return;
        }
        String first = pack.get(0).identity();
        String identity = pack.size() == 1
                ? first + "[0," + packBytes + ")"
                : first + " and " + (pack.size() - 1) + " more, " + packBytes + " bytes";
        List<FilePiece> pieces = new ArrayList<>(pack.size());
        for (FoundFile found : pack) {
            pieces.add(found.file());
        }
        splits.add(new Split(identity, packBytes, locations, PieceList.encode(pieces)));
        pack.clear();
        packBytes = 0;
    }

    /** Returns the splits of all files. */
    List<Split> splits() {
        closePack();
        return List.copyOf(splits);
    }
}
