package dev.sampo.examples.topn;

import dev.sampo.api.Emitter;
import dev.sampo.api.Pair;
import dev.sampo.api.PairMapper;
import dev.sampo.api.TaskContext;
import dev.sampo.io.Text;
import java.util.Comparator;
import java.util.PriorityQueue;

/** Keeps the best n words of a reduce task, and emits their ranks at its end. */
final class BestMapper implements PairMapper<Text, Long, Pair<Long, Text>, Boolean> {
    private static final long serialVersionUID = 1;

    private final int n;

    /** The worst of the best is at its head. Set by {@link #open}, before the first record. */
    @SuppressWarnings("NullAway.Init")
    private transient PriorityQueue<Pair<Long, Text>> best;

    BestMapper(int n) {
        this.n = n;
    }

    @Override
    public void open(TaskContext context) {
        best = new PriorityQueue<>(Comparator.<Pair<Long, Text>, Long>comparing(Pair::first)
                .thenComparing(Pair::second)
                .reversed());
    }

    @Override
    public void map(Text word, Long count, Emitter<Pair<Long, Text>, Boolean> out) {
        if (best.size() == n) {
            Pair<Long, Text> worst = best.element();
            // words come ascending, so of equal counts the one that is here already is the better
            if (count <= -worst.first()) {
                return;
            }
            best.remove();
        }
        best.add(TopN.rank(word.copy(), count));
    }

    @Override
    public void close(Emitter<Pair<Long, Text>, Boolean> out) {
        for (Pair<Long, Text> rank : best) {
            out.emit(rank, true);
        }
        best.clear();
    }
}
