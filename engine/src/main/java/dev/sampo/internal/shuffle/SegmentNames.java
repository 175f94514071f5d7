package dev.sampo.internal.shuffle;

import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.TaskId;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What segments and outputs are called on the data port:
 *
 * <pre>
 * segments  job stage partition task.attempt task.attempt ...   one partition of many outputs of a stage
 * output    job stage task.attempt                              all of one output
 * </pre>
 */
final class SegmentNames {
    /**
     * The most segments of one request. With two numbers of ten digits each the name stays far below the limit of a name,
     * and a request that has to be repeated is no great loss.
     */
    static final int MOST_SEGMENTS = 512;

    private SegmentNames() {}

    /** One partition of several outputs of a stage. */
    record Batch(int partition, List<AttemptId> producers) {}

    static String batch(int partition, List<AttemptId> producers) {
        TaskId first = producers.get(0).task();
        StringBuilder name = new StringBuilder(32 + 12 * producers.size())
                .append(first.job())
                .append(' ')
                .append(first.stage())
                .append(' ')
                .append(partition);
        for (AttemptId producer : producers) {
            append(name, producer);
        }
        return name.toString();
    }

    private static void append(StringBuilder name, AttemptId producer) {
        name.append(' ').append(producer.task().index()).append('.').append(producer.number());
    }

    static Batch parseBatch(String name) {
        String[] words = name.split(" ", -1);
        if (words.length < 4 || words.length > 3 + MOST_SEGMENTS) {
            throw malformed(name, null);
        }
        try {
            List<AttemptId> producers = new ArrayList<>(words.length - 3);
            JobId job = new JobId(words[0]);
            int stage = Integer.parseInt(words[1]);
            for (int i = 3; i < words.length; i++) {
                producers.add(attempt(job, stage, words[i]));
            }
            return new Batch(Integer.parseInt(words[2]), producers);
        } catch (IllegalArgumentException e) {
            throw malformed(name, e);
        }
    }

    static String output(AttemptId producer) {
        StringBuilder name = new StringBuilder(64)
                .append(producer.task().job())
                .append(' ')
                .append(producer.task().stage());
        append(name, producer);
        return name.toString();
    }

    static AttemptId parseOutput(String name) {
        String[] words = name.split(" ", -1);
        if (words.length != 3) {
            throw malformed(name, null);
        }
        try {
            return attempt(new JobId(words[0]), Integer.parseInt(words[1]), words[2]);
        } catch (IllegalArgumentException e) {
            throw malformed(name, e);
        }
    }

    private static AttemptId attempt(JobId job, int stage, String word) {
        int dot = word.indexOf('.');
        if (dot < 0) {
            throw new IllegalArgumentException("no dot in '" + word + "'");
        }
        return new AttemptId(
                new TaskId(job, stage, Integer.parseInt(word.substring(0, dot))),
                Integer.parseInt(word.substring(dot + 1)));
    }

    private static SampoException malformed(String name, @Nullable Throwable cause) {
        String shown = name.length() <= 80 ? name : name.substring(0, 80) + "...";
        return new SampoException(
                ErrorCode.FETCH_FAILED,
                "segments '" + shown + "'; expected a job, a stage, a partition and task.attempt, at most "
                        + MOST_SEGMENTS + " of them",
                cause);
    }
}
