package dev.sampo.internal.execute;

import dev.sampo.internal.model.JobId;
import dev.sampo.internal.output.OutputClaim;
import dev.sampo.internal.output.OutputCommitter;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The output directories that this node has claimed for jobs. Safe for many threads. */
public final class OutputClaims {
    private final Map<JobId, Held> held = new ConcurrentHashMap<>();

    /** Creates an empty set. */
    public OutputClaims() {}

    /** Holds a claim until the job commits or ends. */
    void hold(JobId job, OutputCommitter committer, OutputClaim claim) {
        release(held.put(job, new Held(committer, claim)));
    }

    /** Lets go of the claim of a job whose result is visible. */
    void committed(JobId job) {
        release(held.remove(job));
    }

    /** Takes back everything a job wrote that is not visible yet, where this node holds its claim. Blocks. */
    void abort(JobId job) {
        Held claim = held.remove(job);
        if (claim != null) {
            try {
                claim.committer.abort(job);
            } finally {
                claim.claim.close();
            }
        }
    }

    private static void release(@Nullable Held claim) {
        if (claim != null) {
            claim.claim.close();
        }
    }

    private record Held(OutputCommitter committer, OutputClaim claim) {}
}
