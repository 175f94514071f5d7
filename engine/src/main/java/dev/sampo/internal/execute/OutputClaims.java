package dev.sampo.internal.execute;

import dev.sampo.internal.model.JobId;
import dev.sampo.internal.output.OutputClaim;
import dev.sampo.internal.output.OutputCommitter;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The output directories that this node has claimed for jobs. Safe for many threads. */
public final class OutputClaims {
    /** How many ended jobs are remembered: far more than can have attempts that do not end. */
    private static final int REMEMBERED = 1_000;

    private final Set<JobId> ended = new LinkedHashSet<>();
    private final Map<JobId, Held> held = new ConcurrentHashMap<>();

    /** Creates an empty set. */
    public OutputClaims() {}

    /**
     * Claims a directory until the job commits or ends; does nothing when it is claimed for the job already, by an
     * earlier attempt to plan it.
     */
    void claim(JobId job, OutputCommitter committer, boolean overwrite) {
        held.computeIfAbsent(job, id -> new Held(committer, committer.claim(id, overwrite)));
        // Ending a job notes that before it takes the claim back, so one of the two sees the other.
        if (hasEnded(job)) {
            abort(job);
            throw new SampoException(
                    ErrorCode.JOB_CANCELED, "job " + job + " ended while an attempt still claimed its output");
        }
    }

    /** Lets go of the claim of a job whose result is visible. */
    void committed(JobId job) {
        release(held.remove(job));
    }

    /** Takes back everything a job wrote that is not visible yet, where this node holds its claim. Blocks. */
    void abort(JobId job) {
        noteEnd(job);
        Held claim = held.remove(job);
        if (claim != null) {
            try {
                claim.committer.abort(job);
            } finally {
                claim.claim.close();
            }
        }
    }

    /**
     * Lets go of all claims and forgets which jobs have ended, because another coordinator reigns: a job that is submitted
     * to it again under its id may be planned at another node, or here. What was written stays.
     */
    public void handBack() {
        synchronized (ended) {
            ended.clear();
        }
        for (JobId job : Set.copyOf(held.keySet())) {
            release(held.remove(job));
        }
    }

    private void noteEnd(JobId job) {
        synchronized (ended) {
            ended.add(job);
            if (ended.size() > REMEMBERED) {
                ended.remove(ended.iterator().next());
            }
        }
    }

    private boolean hasEnded(JobId job) {
        synchronized (ended) {
            return ended.contains(job);
        }
    }

    private static void release(@Nullable Held claim) {
        if (claim != null) {
            claim.claim.close();
        }
    }

    private record Held(OutputCommitter committer, OutputClaim claim) {}
}
