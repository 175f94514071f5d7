package dev.sampo.examples.topn;

import dev.sampo.api.Emitter;
import dev.sampo.api.Pair;
import dev.sampo.api.Reducer;
import dev.sampo.api.TaskContext;
import dev.sampo.api.Values;
import dev.sampo.io.Text;

/** Emits the first n ranks of the one partition as word and count. */
final class FirstReducer implements Reducer<Pair<Long, Text>, Boolean, Text, Long> {
    private static final long serialVersionUID = 1;

    private final int n;
    private transient int emitted;

    FirstReducer(int n) {
        this.n = n;
    }

    @Override
    public void open(TaskContext context) {
        emitted = 0;
    }

    @Override
    public void reduce(Pair<Long, Text> rank, Values<Boolean> once, Emitter<Text, Long> out) {
        if (emitted < n) {
            emitted++;
            out.emit(rank.second(), -rank.first());
        }
    }
}
