package dev.sampo.internal.shuffle;

import java.util.List;

/**
 * Which adjacent runs to merge first when there are more than can be merged at once.
 *
 * @param from the first
 * @param to behind the last
 */
record MergeWindow(int from, int to) {
    /** What a merge needs to know of a run. */
    interface Run {
        /** Returns the heap that reading it takes. */
        long heapBytes();

        /** Returns the bytes it stores, the cost of merging it. */
        long storedBytes();
    }

    /** Returns whether all runs can be merged at once. */
    static boolean fits(List<? extends Run> runs, int fanIn, long heapBytes) {
        if (runs.size() <= 2) {
            return true;
        }
        return runs.size() <= fanIn && heap(runs) <= heapBytes;
    }

    private static long heap(List<? extends Run> runs) {
        long sum = 0;
        for (Run run : runs) {
            sum += run.heapBytes();
        }
        return sum;
    }

    /**
     * Chooses the window that costs least per run it makes disappear, no larger than needed to reach the fan-in. Two runs
     * are always merged, whatever heap they take.
     */
    static MergeWindow choose(List<? extends Run> runs, int fanIn, long heapBytes) {
        int count = runs.size();
        // So that the merges after this one are full: (count - 1) mod (fanIn - 1) runs first, as Knuth's volume 3 has
        // it.
        int odd = (count - 1) % (fanIn - 1);
        int most = count <= fanIn ? count - 1 : odd == 0 ? fanIn : odd + 1;
        MergeWindow best = new MergeWindow(0, 2);
        double bestCost = Double.MAX_VALUE;
        int to = 0;
        long heap = 0;
        long bytes = 0;
        for (int from = 0; from + 2 <= count; from++) {
            while (to < count
                    && to - from < Math.max(2, most)
                    && (to - from < 2 || heap + runs.get(to).heapBytes() <= heapBytes)) {
                heap += runs.get(to).heapBytes();
                bytes += runs.get(to).storedBytes();
                to++;
            }
            double cost = (bytes + 1.0) / (to - from - 1);
            if (to - from >= 2 && cost < bestCost) {
                bestCost = cost;
                best = new MergeWindow(from, to);
            }
            heap -= runs.get(from).heapBytes();
            bytes -= runs.get(from).storedBytes();
        }
        return best;
    }
}
