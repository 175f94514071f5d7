package dev.sampo.examples.grep;

import dev.sampo.api.Emitter;
import dev.sampo.api.Mapper;
import dev.sampo.api.TaskContext;
import dev.sampo.io.Text;

/** Emits each line in which the pattern matches, under the place of its map task in the input. */
final class GrepMapper implements Mapper<Text, Integer, Text> {
    /** A place is a fraction of the input from 0 to 1, with this many bits behind the point. */
    static final int PLACE_BITS = 30;

    private static final long serialVersionUID = 1;

    private final LinePattern pattern;

    /** Set by {@link #open}, before the first record. */
    @SuppressWarnings("NullAway.Init")
    private transient LinePattern.Search search;

    /** Set by {@link #open}, before the first record. */
    @SuppressWarnings("NullAway.Init")
    private transient Integer place;

    private transient long lines;

    GrepMapper(LinePattern pattern) {
        this.pattern = pattern;
    }

    @Override
    public void open(TaskContext context) {
        search = pattern.search();
        place = place(context.taskIndex(), context.taskCount());
        lines = 0;
    }

    /** Returns the place of a task: it rises with the task's number, and is less than 1. */
    static int place(int taskIndex, int taskCount) {
        return (int) (((long) taskIndex << PLACE_BITS) / taskCount);
    }

    @Override
    public void map(Text line, Emitter<Integer, Text> out) {
        if (search.isIn(line)) {
            lines++;
            out.emit(place, line);
        }
    }

    @Override
    public void close(Emitter<Integer, Text> out) {
        out.context().counter("matching-lines").add(lines);
    }
}
