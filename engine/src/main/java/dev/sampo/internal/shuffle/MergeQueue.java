package dev.sampo.internal.shuffle;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/**
 * Merges sorted segments: a tree of losers (Knuth, The Art of Computer Programming, volume 3, section 5.4.1). Equal keys
 * come in the order of the segments, and within a segment as they stand. Used by one thread.
 */
final class MergeQueue implements Closeable {
    private final RecordCursor[] cursors;
    private final boolean[] ended;
    /** Node 0 is the winner, the others hold the losers of their matches; leaf i is below node (i + n) / 2. */
    private final int[] tree;

    private boolean started;
    private int alive;

    private MergeQueue(int segments) {
        this.cursors = new RecordCursor[segments];
        this.ended = new boolean[segments];
        this.tree = new int[Math.max(1, segments)];
    }

    /** Opens all segments. Those without records take no part. */
    static MergeQueue open(List<Segment> segments, BlockDecoder decoder) throws IOException {
        List<Segment> filled = segments.stream().filter(s -> s.records() > 0).toList();
        MergeQueue queue = new MergeQueue(filled.size());
        try {
            for (int i = 0; i < filled.size(); i++) {
                Segment segment = filled.get(i);
                queue.cursors[i] = new RecordCursor(segment, segment.open(decoder));
            }
        } catch (IOException | RuntimeException | Error failure) {
            queue.close();
            throw failure;
        }
        return queue;
    }

    /** Goes to the next record of all; false when there is none. */
    boolean advance() throws IOException {
        if (!started) {
            started = true;
            start();
        } else if (alive > 0) {
            int winner = tree[0];
            step(winner);
            replay(winner);
        }
        return alive > 0;
    }

    /** Returns the segment reader whose record is the current one. */
    RecordCursor current() {
        return cursors[tree[0]];
    }

    private void start() throws IOException {
        int n = cursors.length;
        alive = n;
        if (n == 0) {
            return;
        }
        for (int i = 0; i < n; i++) {
            step(i);
        }
        // Play all matches from the leaves up; winners[node] is who came out of it.
        int[] winners = new int[2 * n];
        for (int i = 0; i < n; i++) {
            winners[n + i] = i;
        }
        for (int node = n - 1; node > 0; node--) {
            int left = winners[2 * node];
            int right = winners[2 * node + 1];
            boolean leftWins = beats(left, right);
            winners[node] = leftWins ? left : right;
            tree[node] = leftWins ? right : left;
        }
        tree[0] = n == 1 ? 0 : winners[1];
    }

    private void step(int index) throws IOException {
        if (!cursors[index].advance()) {
            ended[index] = true;
            alive--;
            cursors[index].close();
        }
    }

    private void replay(int leaf) {
        int winner = leaf;
        for (int node = (leaf + cursors.length) / 2; node > 0; node /= 2) {
            int rival = tree[node];
            if (beats(rival, winner)) {
                tree[node] = winner;
                winner = rival;
            }
        }
        tree[0] = winner;
    }

    private boolean beats(int left, int right) {
        if (ended[left] || ended[right]) {
            return !ended[left];
        }
        int order = RecordCursor.compareKeys(cursors[left], cursors[right]);
        return order != 0 ? order < 0 : left < right;
    }

    @Override
    public void close() {
        for (RecordCursor cursor : cursors) {
            if (cursor != null) {
                cursor.close();
            }
        }
    }
}
