package dev.sampo.internal.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Finds the keys that somebody who mistyped may have meant. */
final class NearKeys {
    private static final int SUGGESTIONS = 2;

    private NearKeys() {}

    /** Returns the known keys nearest to {@code typed}, best first; empty when none is near. */
    static List<String> of(String typed, Collection<String> known) {
        int limit = Math.max(1, typed.length() / 3);
        return known.stream()
                .filter(key -> distance(typed, key) <= limit)
                .sorted(Comparator.<String>comparingInt(key -> distance(typed, key))
                        .thenComparing(Comparator.naturalOrder()))
                .limit(SUGGESTIONS)
                .toList();
    }

    /**
     * Returns how many insertions, deletions, substitutions and swaps of neighbours turn one word into the other
     * (optimal string alignment distance, the restricted form of Damerau, CACM 7(3), 1964).
     */
    static int distance(String from, String to) {
        int[][] edits = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                edits[i][j] = i == 0 || j == 0 ? i + j : cheapest(edits, from, to, i, j);
            }
        }
        return edits[from.length()][to.length()];
    }

    private static int cheapest(int[][] edits, String from, String to, int i, int j) {
        boolean same = from.charAt(i - 1) == to.charAt(j - 1);
        int least = Math.min(edits[i - 1][j], edits[i][j - 1]) + 1;
        least = Math.min(least, edits[i - 1][j - 1] + (same ? 0 : 1));
        if (i > 1 && j > 1 && from.charAt(i - 1) == to.charAt(j - 2) && from.charAt(i - 2) == to.charAt(j - 1)) {
            least = Math.min(least, edits[i - 2][j - 2] + 1);
        }
        return least;
    }
}
