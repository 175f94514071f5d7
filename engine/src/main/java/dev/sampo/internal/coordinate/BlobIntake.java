package dev.sampo.internal.coordinate;

import dev.sampo.internal.blob.BlobTransfer;
import dev.sampo.internal.fault.FailureClassifier;
import dev.sampo.internal.fault.FailureOrigin;
import dev.sampo.internal.model.BlobRef;
import dev.sampo.internal.model.DataAddress;
import dev.sampo.internal.model.FailureReport;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.protocol.ClientProtocol;
import dev.sampo.internal.protocol.ClusterProtocol.SubmitJob;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Holds jobs back until this seed has their blobs, so that an accepted job needs its submitter no more. It stores them and
 * never opens one. Owned by the cluster coordinator.
 */
final class BlobIntake {
    /** How many submitters may be silent after they were asked; they submit again. */
    private static final int MOST_ASKED = 1_000;

    private final BlobTransfer blobs;
    private final long maxJobBytes;
    private final Consumer<Taken> done;
    private final Map<JobId, Pending> pending = new LinkedHashMap<>();

    /**
     * Creates an intake.
     *
     * @param done is told when a job can go on; called by any thread
     */
    BlobIntake(CoordinatorServices services, Consumer<Taken> done) {
        this.blobs = services.blobs();
        this.maxJobBytes = services.settings().ship().maxJobBytes();
        this.done = done;
    }

    /** The blobs of a job are here, or cannot be had. */
    record Taken(SubmitJob submit, @Nullable Throwable failure) {}

    private static final class Pending {
        final SubmitJob submit;
        boolean fetching;

        Pending(SubmitJob submit) {
            this.submit = submit;
        }
    }

    /** Returns whether the job has to wait; then its submitter has been told why. */
    boolean holdsBack(SubmitJob submit) {
        List<BlobRef> all = submit.definition().blobs();
        if (all.isEmpty()) {
            return false;
        }
        JobId job = submit.job();
        Pending known = pending.get(job);
        if (known != null && known.fetching) {
            return true;
        }
        long bytes = all.stream().mapToLong(BlobRef::bytes).sum();
        if (bytes < 0 || bytes > maxJobBytes) {
            done.accept(new Taken(
                    submit,
                    new SampoException(
                            ErrorCode.JOB_INVALID,
                            "job " + submit.outline().name() + " ships " + bytes + " bytes; expected at most "
                                    + maxJobBytes + " bytes (sampo.ship.max-job-size of the seed)")));
            return true;
        }
        if (all.stream().allMatch(blob -> blobs.store().find(blob.digest()).isPresent())
                && blobs.store().retain(job, all).isEmpty()) {
            pending.remove(job);
            return false;
        }
        pending.putIfAbsent(job, new Pending(submit));
        forgetSilent();
        submit.client().tell(new ClientProtocol.BlobsWanted(job));
        return true;
    }

    private void forgetSilent() {
        for (Iterator<Pending> each = pending.values().iterator(); pending.size() > MOST_ASKED && each.hasNext(); ) {
            if (!each.next().fetching) {
                each.remove();
            }
        }
    }

    /** Gets the blobs of a job that waits. */
    void fetch(JobId job, DataAddress holder) {
        Pending waiting = pending.get(job);
        if (waiting == null || waiting.fetching) {
            return;
        }
        waiting.fetching = true;
        SubmitJob submit = waiting.submit;
        blobs.threads().execute(() -> {
            @Nullable Throwable failure = null;
            try {
                submit.definition().blobs().forEach(blob -> blobs.fetch(job, blob, holder));
            } catch (RuntimeException | Error e) {
                failure = e;
            }
            done.accept(new Taken(submit, failure));
        });
    }

    /** Notes that a fetch has ended. Returns what its submitter is told, or null when the job can go on. */
    ClientProtocol.@Nullable Wire taken(Taken taken) {
        JobId job = taken.submit.job();
        pending.remove(job);
        Throwable failure = taken.failure;
        if (failure == null) {
            return null;
        }
        blobs.store().release(job);
        FailureReport report = FailureClassifier.classify(failure, FailureOrigin.engine());
        return EndMessages.refused(job, report);
    }
}
