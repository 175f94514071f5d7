package dev.sampo.internal.observe;

import dev.sampo.internal.model.JobId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the latest events of the latest jobs and of the nodes in memory, and writes each to the log. Memory is bounded:
 * the oldest event of a job gives way to its newest, and the job that has been silent longest to a new job. Safe for many
 * threads.
 */
public final class JobEventLog {
    private static final Logger LOG = LoggerFactory.getLogger(JobEventLog.class);
    private static final float LOAD_FACTOR = 0.75f;

    private final InstantSource clock;
    private final int eventsPerJob;
    private final int jobs;
    /** In the order of access: the first is the one that has been silent longest. */
    private final Map<JobId, Deque<Entry>> byJob = new LinkedHashMap<>(16, LOAD_FACTOR, true);

    private final Deque<Entry> ofNodes = new ArrayDeque<>();

    /**
     * An event and when it was recorded.
     *
     * @param at when
     * @param event what
     */
    public record Entry(Instant at, JobEvent event) {}

    /**
     * Creates an empty log.
     *
     * @param clock gives the time of an event
     * @param eventsPerJob the events kept per job, and of all nodes together, at least 1
     * @param jobs the jobs whose events are kept, at least 1
     */
    public JobEventLog(InstantSource clock, int eventsPerJob, int jobs) {
        if (eventsPerJob < 1 || jobs < 1) {
            throw new IllegalArgumentException(
                    eventsPerJob + " events per job, " + jobs + " jobs; expected at least 1 of each");
        }
        this.clock = clock;
        this.eventsPerJob = eventsPerJob;
        this.jobs = jobs;
    }

    /** Keeps an event and writes it to the log. */
    public void record(JobEvent event) {
        Entry entry = new Entry(clock.instant(), event);
        synchronized (this) {
            Deque<Entry> entries = event instanceof JobEvent.OfJob ofJob ? entriesOf(ofJob.job()) : ofNodes;
            if (entries.size() == eventsPerJob) {
                entries.removeFirst();
            }
            entries.addLast(entry);
        }
        write(event);
    }

    private static void write(JobEvent event) {
        if (event.isWarning()) {
            LOG.warn("{}", event.describe());
        } else if (event instanceof JobEvent.OfAttempt) {
            LOG.debug("{}", event.describe());
        } else {
            LOG.info("{}", event.describe());
        }
    }

    private Deque<Entry> entriesOf(JobId job) {
        Deque<Entry> entries = byJob.get(job);
        if (entries == null) {
            if (byJob.size() == jobs) {
                byJob.remove(byJob.keySet().iterator().next());
            }
            entries = new ArrayDeque<>();
            byJob.put(job, entries);
        }
        return entries;
    }

    /** Returns the events of a job that are still kept, oldest first; empty when it is not known. */
    public synchronized List<Entry> events(JobId job) {
        Deque<Entry> entries = byJob.get(job);
        return entries == null ? List.of() : List.copyOf(entries);
    }

    /** Returns the events of nodes that are still kept, oldest first. */
    public synchronized List<Entry> nodeEvents() {
        return List.copyOf(ofNodes);
    }

    /** Drops the events of a job. */
    public synchronized void forget(JobId job) {
        byJob.remove(job);
    }
}
