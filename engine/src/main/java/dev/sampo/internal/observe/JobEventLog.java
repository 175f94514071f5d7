package dev.sampo.internal.observe;

import dev.sampo.internal.model.JobId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the latest events of the latest jobs and of the nodes in memory, and writes each to the log. Memory is bounded:
 * the oldest event of a job gives way to its newest, and the job that has been silent longest to a new job; who reads in
 * pages learns of such a gap. Safe for many threads.
 */
public final class JobEventLog {
    private static final Logger LOG = LoggerFactory.getLogger(JobEventLog.class);
    private static final float LOAD_FACTOR = 0.75f;

    private final InstantSource clock;
    private final int eventsPerJob;
    private final int jobs;
    /** In the order of access: the first is the one that has been silent longest. */
    private final Map<JobId, Kept> byJob = new LinkedHashMap<>(16, LOAD_FACTOR, true);

    private final Kept ofNodes = new Kept();
    /** The sequence number before the first. */
    private final long start;

    private long last;
    /** The highest sequence number of an event that is not kept any more. */
    private long dropped;

    /**
     * An event and when it was recorded.
     *
     * @param sequence rises from event to event
     * @param at when
     * @param event what
     */
    public record Entry(long sequence, Instant at, JobEvent event) {}

    /**
     * A part of the log.
     *
     * @param entries the events, oldest first
     * @param gap whether events between the one the reader had and these are not kept any more
     */
    public record Page(List<Entry> entries, boolean gap) {
        /** Copies the list. */
        public Page {
            entries = List.copyOf(entries);
        }
    }

    private static final class Kept {
        private final Deque<Entry> entries = new ArrayDeque<>();
        private long dropped;
    }

    /**
     * Creates an empty log. Its sequence numbers begin at the time in microseconds, so that those of a log made later by
     * another coordinator are higher, and stay below 2 to the 53rd, which JSON can hold.
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
        this.start = Math.max(0, clock.millis()) * 1_000;
        this.last = start;
    }

    /** Keeps an event and writes it to the log. */
    public void record(JobEvent event) {
        synchronized (this) {
            Kept kept = event instanceof JobEvent.OfJob ofJob ? keptOf(ofJob.job()) : ofNodes;
            if (kept.entries.size() == eventsPerJob) {
                kept.dropped = kept.entries.removeFirst().sequence;
                dropped = Math.max(dropped, kept.dropped);
            }
            last++;
            kept.entries.addLast(new Entry(last, clock.instant(), event));
        }
        write(event);
    }

    private static void write(JobEvent event) {
        if (event.isWarning()) {
            LOG.warn("{}", event.describe());
        } else if (event instanceof JobEvent.OfAttempt) {
            if (LOG.isDebugEnabled()) { // one for each attempt
                LOG.debug("{}", event.describe());
            }
        } else {
            LOG.info("{}", event.describe());
        }
    }

    private Kept keptOf(JobId job) {
        Kept kept = byJob.get(job);
        if (kept == null) {
            if (byJob.size() == jobs) {
                drop(byJob.remove(byJob.keySet().iterator().next()));
            }
            kept = new Kept();
            byJob.put(job, kept);
        }
        return kept;
    }

    private void drop(@Nullable Kept kept) {
        if (kept != null && !kept.entries.isEmpty()) {
            dropped = Math.max(dropped, kept.entries.getLast().sequence);
        }
    }

    /** Returns the sequence number of the latest event; when there was none, that before the first. */
    public synchronized long lastSequence() {
        return last;
    }

    /**
     * Returns events of all jobs and of the nodes.
     *
     * @param after the sequence number after which to begin; 0 for the oldest kept
     * @param limit at most so many
     */
    public synchronized Page read(long after, int limit) {
        List<Entry> found = new ArrayList<>();
        long from = after > last ? 0 : after;
        byJob.values().forEach(kept -> addNewer(kept, from, found));
        addNewer(ofNodes, from, found);
        found.sort(Comparator.comparingLong(Entry::sequence));
        return page(found, limit, isGap(after, dropped));
    }

    /**
     * Returns events of a job; none when it is not known.
     *
     * @param job the job
     * @param after the sequence number after which to begin; 0 for the oldest kept
     * @param limit at most so many
     */
    public synchronized Page read(JobId job, long after, int limit) {
        Kept kept = byJob.get(job);
        if (kept == null) {
            return new Page(List.of(), false);
        }
        List<Entry> found = new ArrayList<>();
        addNewer(kept, after > last ? 0 : after, found);
        Collections.reverse(found);
        return page(found, limit, isGap(after, kept.dropped));
    }

    /** A number from another log, of a coordinator before or with a clock ahead, is a gap too. */
    private boolean isGap(long after, long droppedThere) {
        return after > 0 && (after < start || after > last || droppedThere > after);
    }

    private static Page page(List<Entry> found, int limit, boolean gap) {
        return new Page(found.subList(0, Math.min(limit, found.size())), gap);
    }

    /** Looks from the newest back, so that a reader who is up to date costs next to nothing. */
    private static void addNewer(Kept kept, long after, List<Entry> found) {
        for (Iterator<Entry> newest = kept.entries.descendingIterator(); newest.hasNext(); ) {
            Entry entry = newest.next();
            if (entry.sequence <= after) {
                return;
            }
            found.add(entry);
        }
    }

    /** Returns the events of a job that are still kept, oldest first; empty when it is not known. */
    public synchronized List<Entry> events(JobId job) {
        Kept kept = byJob.get(job);
        return kept == null ? List.of() : List.copyOf(kept.entries);
    }

    /** Returns the events of nodes that are still kept, oldest first. */
    public synchronized List<Entry> nodeEvents() {
        return List.copyOf(ofNodes.entries);
    }

    /** Drops the events of a job. */
    public synchronized void forget(JobId job) {
        drop(byJob.remove(job));
    }
}
