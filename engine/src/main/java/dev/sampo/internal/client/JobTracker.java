package dev.sampo.internal.client;

import dev.sampo.api.Counters;
import dev.sampo.api.JobHandle;
import dev.sampo.api.JobProgress;
import dev.sampo.api.JobResult;
import dev.sampo.api.JobState;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.protocol.ClientProtocol;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A job of the cluster as this engine sees it: what the cluster last said of it. Safe for many threads. */
public final class JobTracker<K, V> implements JobHandle<K, V> {
    private final JobId job;
    private final Runnable onCancel;
    private final Function<ClientProtocol.JobSucceeded, JobResult<K, V>> results;
    private final AskedStage<Void> accepted;
    private final AskedStage<JobResult<K, V>> result;
    private volatile JobProgress progress = new JobProgress(JobState.QUEUED, List.of());
    private volatile Runnable onEnd = () -> {};
    private volatile Executor last = Runnable::run;
    private volatile Runnable onFailure = () -> {};
    /** The cluster has said its last word on the job, which is being acted on. */
    private final AtomicBoolean ending = new AtomicBoolean();

    private volatile Counters counters = new Counters(List.of(), new TreeMap<>());

    /**
     * Creates the tracker of a job that is being submitted, or was by somebody else.
     *
     * @param job its id
     * @param onCancel asks the cluster to cancel it
     * @param results makes the result of the message that it succeeded
     */
    public JobTracker(JobId job, Runnable onCancel, Function<ClientProtocol.JobSucceeded, JobResult<K, V>> results) {
        this.job = job;
        this.onCancel = onCancel;
        this.results = results;
        this.accepted = new AskedStage<>("sampo-accepted-" + job);
        this.result = new AskedStage<>("sampo-result-" + job);
    }

    JobId job() {
        return job;
    }

    /** Takes what the cluster says. Returns whether the job has ended, for this tracker at least. */
    boolean on(ClientProtocol.Wire message) {
        if (awaitsNothing()) {
            return true;
        }
        if (message instanceof ClientProtocol.JobAccepted) {
            accepted.end(null, null);
        } else if (message instanceof ClientProtocol.JobProgressed progressed) {
            counters = progressed.counters();
            progress = progressed.progress();
            accepted.end(null, null);
        } else if (ending.compareAndSet(false, true)) {
            if (message instanceof ClientProtocol.JobSucceeded) {
                accepted.end(null, null);
            }
            last.execute(() -> onLast(message));
        }
        return awaitsNothing();
    }

    private void onLast(ClientProtocol.Wire message) {
        if (message instanceof ClientProtocol.JobUnknown) {
            end(
                    ErrorCode.JOB_UNKNOWN,
                    "no job '" + job + "' is known; expected the id of one that runs, or has ended not long ago");
        } else if (message instanceof ClientProtocol.JobRefused refused) {
            end(refused.code(), refused.message());
        } else if (message instanceof ClientProtocol.JobSucceeded succeeded) {
            counters = succeeded.counters();
            succeed(succeeded);
        } else if (message instanceof ClientProtocol.JobFailed failed) {
            counters = failed.counters();
            progress = failed.progress();
            Throwable remote = failed.stackTrace().isEmpty() ? null : new RemoteFailure(failed.stackTrace());
            end(null, new SampoException(failed.code(), "job " + job + ": " + failed.message(), remote));
        }
    }

    private void succeed(ClientProtocol.JobSucceeded succeeded) {
        List<JobProgress.Stage> stages = succeeded.progress().stages();
        progress = new JobProgress(JobState.COMMITTING, stages);
        try {
            JobResult<K, V> made = results.apply(succeeded);
            progress = succeeded.progress();
            end(made, null);
        } catch (RuntimeException | Error e) {
            progress = new JobProgress(JobState.FAILED, stages);
            end(null, e);
        }
    }

    /** Ends the tracking, and with it nothing but the tracking: the job is refused, or cannot be heard of. */
    void end(ErrorCode code, String message) {
        progress = new JobProgress(JobState.FAILED, progress.stages());
        end(null, new SampoException(code, message));
    }

    /** Ends the tracking because the engine closes; the job goes on in its cluster. */
    public void detach(String why) {
        if (!result.isDone()) {
            end(null, new SampoException(ErrorCode.ENGINE_CLOSED, "job " + job + ": " + why + "; the job may go on"));
        }
    }

    /** Returns whether nothing more can be heard of the job. */
    boolean awaitsNothing() {
        return ending.get() || result.isDone();
    }

    /** Ends the tracking because the engine closes; a job that has ended stays as it is. */
    public void abandon(String why) {
        if (!result.isDone()) {
            progress = new JobProgress(JobState.CANCELED, progress.stages());
            end(null, new SampoException(ErrorCode.ENGINE_CLOSED, "job " + job + ": " + why));
        }
    }

    /** Sets what is to be run once when the job ends. Called before the job is submitted. */
    public void onEnd(Runnable action) {
        onEnd = action;
    }

    /**
     * Has the job end on a thread of its own, for its result takes long to make. Called before the job is submitted.
     *
     * @param failure what is run before the job ends without a result
     */
    public void endSlowly(Runnable failure) {
        onFailure = failure;
        last = step -> {
            Thread thread = new Thread(step, "sampo-output-" + job);
            thread.setDaemon(true);
            thread.start();
        };
    }

    /** Waits for the end, at most so long. Returns whether the job has ended. */
    public boolean awaitEnd(long time, TimeUnit unit) throws InterruptedException {
        return result.await(time, unit);
    }

    /** Waits until the cluster has taken the job over, or refused it, at most so long. Returns whether it has. */
    public boolean awaitAccepted(long time, TimeUnit unit) throws InterruptedException {
        return accepted.await(time, unit);
    }

    private void end(@Nullable JobResult<K, V> succeeded, @Nullable Throwable failed) {
        if (failed != null) {
            onFailure.run();
        }
        accepted.end(null, failed);
        result.end(succeeded, failed);
        onEnd.run();
    }

    @Override
    public String id() {
        return job.value();
    }

    @Override
    public CompletionStage<Void> accepted() {
        return accepted.ask();
    }

    @Override
    public JobState state() {
        return progress.state();
    }

    @Override
    public JobProgress progress() {
        return progress;
    }

    @Override
    public Counters counters() {
        return counters;
    }

    @Override
    public void cancel() {
        if (!result.isDone()) {
            onCancel.run();
        }
    }

    @Override
    public CompletionStage<JobResult<K, V>> result() {
        return result.ask();
    }

    @Override
    public JobResult<K, V> await() throws InterruptedException {
        Throwable failed = result.awaitFailure();
        if (failed instanceof SampoException known) {
            // thrown anew, so that the trace shows the waiting thread and not the engine's
            throw new SampoException(known.code(), String.valueOf(known.getMessage()), known.getCause());
        }
        JobResult<K, V> succeeded = result.value();
        if (succeeded == null) {
            throw new SampoException(ErrorCode.INTERNAL, "job " + job + ": its result cannot be read", failed);
        }
        return succeeded;
    }

    /** Shows the stack trace of a failure that happened on a node. */
    private static final class RemoteFailure extends RuntimeException {
        private static final long serialVersionUID = 1;

        RemoteFailure(String stackTrace) {
            super("on the node: " + stackTrace, null, false, false);
        }
    }
}
