package dev.sampo.internal.coordinate;

import dev.sampo.api.Counters;
import dev.sampo.api.JobProgress;
import dev.sampo.api.JobState;
import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.JobDetails;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.JobOutline;
import dev.sampo.internal.model.JobSummary;
import dev.sampo.internal.model.NodeId;
import dev.sampo.internal.protocol.ClientProtocol;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the cluster knows of its jobs, for those who ask: all that run, and the last that have ended. Owned by the cluster
 * coordinator.
 */
final class JobBook {
    private final int remembered;
    /** In the order of their submission. */
    private final Map<JobId, Entry> entries = new LinkedHashMap<>();

    private int ended;

    /**
     * Creates an empty book.
     *
     * @param remembered how many ended jobs it keeps, at least 1
     */
    JobBook(int remembered) {
        this.remembered = remembered;
    }

    private static final class Entry {
        private final JobId id;
        private final JobOutline outline;
        private final Instant submitted;
        private JobProgress progress = EndMessages.noProgress(JobState.QUEUED);
        private Counters counters = EndMessages.noCounters();
        private Map<NodeId, List<AttemptId>> running = Map.of();
        private @Nullable Instant started;
        private @Nullable Instant over;
        private JobDetails.@Nullable Failure failure;
        private JobDetails.@Nullable Result result;

        Entry(JobId id, JobOutline outline, Instant submitted) {
            this.id = id;
            this.outline = outline;
            this.submitted = submitted;
        }

        void take(JobProgress now, Counters counted, Instant at) {
            progress = now;
            counters = counted;
            if (started == null && now.state() != JobState.QUEUED) {
                started = at;
            }
        }

        JobSummary summary() {
            int total = 0;
            int done = 0;
            int live = 0;
            for (JobProgress.Stage stage : progress.stages()) {
                total += stage.total();
                done += stage.done();
                live += stage.running();
            }
            return new JobSummary(
                    id,
                    outline.name(),
                    outline.queue(),
                    outline.priority(),
                    progress.state(),
                    submitted,
                    started,
                    over,
                    outline.output(),
                    outline.collected(),
                    new JobSummary.Tasks(total, done, live));
        }

        JobDetails details(String waiting) {
            return new JobDetails(summary(), progress.stages(), counters, waiting, failure, result);
        }
    }

    void accepted(JobId job, JobOutline outline, Instant at) {
        entries.put(job, new Entry(job, outline, at));
    }

    void advanced(JobNotice.JobAdvanced advanced, Instant at) {
        Entry entry = entries.get(advanced.job());
        // a job has ended when its result or failure is known, and nothing of it is left on the nodes
        if (entry != null && entry.over == null && !advanced.progress().state().isTerminal()) {
            entry.take(advanced.progress(), advanced.counters(), at);
            entry.running = advanced.running();
        }
    }

    void ended(JobId job, ClientProtocol.Wire end, Instant at) {
        Entry entry = entries.get(job);
        if (entry == null || entry.over != null) {
            return;
        }
        if (end instanceof ClientProtocol.JobSucceeded succeeded) {
            entry.take(succeeded.progress(), succeeded.counters(), at);
            entry.result = new JobDetails.Result(succeeded.parts(), succeeded.results(), succeeded.durationMillis());
        } else if (end instanceof ClientProtocol.JobFailed failed) {
            entry.take(failed.progress(), failed.counters(), at);
            entry.failure = new JobDetails.Failure(failed.code(), failed.message(), failed.stackTrace());
        }
        entry.over = at;
        entry.running = Map.of();
        ended++;
        if (ended > remembered) {
            forgetOldest();
        }
    }

    private void forgetOldest() {
        entries.values().stream()
                .filter(entry -> entry.over != null)
                .min((a, b) -> overOf(a).compareTo(overOf(b)))
                .ifPresent(oldest -> {
                    entries.remove(oldest.id);
                    ended--;
                });
    }

    private static Instant overOf(Entry entry) {
        return entry.over == null ? Instant.MAX : entry.over;
    }

    boolean knows(JobId job) {
        return entries.containsKey(job);
    }

    boolean hasEnded(JobId job) {
        Entry entry = entries.get(job);
        return entry != null && entry.over != null;
    }

    /** Returns the jobs in these states, in any when there are none, the newest first. */
    List<JobSummary> list(List<JobState> states, int limit) {
        Set<JobState> wanted = states.isEmpty() ? EnumSet.allOf(JobState.class) : EnumSet.copyOf(states);
        List<Entry> newest = new ArrayList<>(entries.values());
        Collections.reverse(newest);
        return newest.stream()
                .filter(entry -> wanted.contains(entry.progress.state()))
                .limit(limit)
                .map(Entry::summary)
                .toList();
    }

    /** Returns all that is known of a job, or null. */
    @Nullable
    JobDetails details(JobId job, String waiting) {
        Entry entry = entries.get(job);
        if (entry == null) {
            return null;
        }
        boolean idle = entry.over == null
                && entry.progress.stages().stream()
                                .mapToInt(JobProgress.Stage::running)
                                .sum()
                        == 0;
        return entry.details(idle ? waiting : "");
    }

    /** Returns the attempts that run on a node, in the order of their jobs. */
    List<AttemptId> running(NodeId node) {
        return entries.values().stream()
                .flatMap(entry -> entry.running.getOrDefault(node, List.of()).stream())
                .toList();
    }
}
