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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A submitted job as its submitter sees it: what the cluster last said of it. Safe for many threads. */
public final class JobTracker<K, V> implements JobHandle<K, V> {
    private final JobId job;
    private final Runnable onCancel;
    private final Function<ClientProtocol.JobSucceeded, JobResult<K, V>> results;
    private final CompletableFuture<JobResult<K, V>> result = new CompletableFuture<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile JobProgress progress = new JobProgress(JobState.QUEUED, List.of());
    private volatile @Nullable JobResult<K, V> value;
    private volatile @Nullable Throwable failure;
    private boolean asked;
    private volatile Runnable onEnd = () -> {};
    private volatile Counters counters = new Counters(List.of(), new TreeMap<>());

    /**
     * Creates the tracker of a job that is being submitted.
     *
     * @param job its id
     * @param onCancel asks the cluster to cancel it
     * @param results makes the result of the message that it succeeded
     */
    public JobTracker(JobId job, Runnable onCancel, Function<ClientProtocol.JobSucceeded, JobResult<K, V>> results) {
        this.job = job;
        this.onCancel = onCancel;
        this.results = results;
    }

    JobId job() {
        return job;
    }

    /** Takes what the cluster says. Returns whether the job has ended. */
    boolean on(ClientProtocol.Wire message) {
        if (message instanceof ClientProtocol.JobProgressed progressed) {
            counters = progressed.counters();
            progress = progressed.progress();
        } else if (message instanceof ClientProtocol.JobSucceeded succeeded) {
            counters = succeeded.counters();
            progress = succeeded.progress();
            try {
                end(results.apply(succeeded), null);
            } catch (RuntimeException e) {
                end(null, e);
            }
            return true;
        } else if (message instanceof ClientProtocol.JobFailed failed) {
            counters = failed.counters();
            progress = failed.progress();
            Throwable remote = failed.stackTrace().isEmpty() ? null : new RemoteFailure(failed.stackTrace());
            end(null, new SampoException(failed.code(), "job " + job + ": " + failed.message(), remote));
            return true;
        }
        return false;
    }

    /** Ends the tracking because the engine closes; a job that has ended stays as it is. */
    public void abandon(String why) {
        if (ended.getCount() > 0) {
            progress = new JobProgress(JobState.CANCELED, progress.stages());
            end(null, new SampoException(ErrorCode.ENGINE_CLOSED, "job " + job + ": " + why));
        }
    }

    /** Sets what is to be run once when the job ends. Called before the job is submitted. */
    public void onEnd(Runnable action) {
        onEnd = action;
    }

    /** Waits for the end, at most so long. Returns whether the job has ended. */
    public boolean awaitEnd(long time, TimeUnit unit) throws InterruptedException {
        return ended.await(time, unit);
    }

    private void end(@Nullable JobResult<K, V> succeeded, @Nullable Throwable failed) {
        value = succeeded;
        failure = failed;
        ended.countDown();
        onEnd.run();
        synchronized (result) {
            if (!asked) {
                return; // result() completes it
            }
        }
        // Whatever hangs on the result is the caller's code: it may submit the next job and wait for it.
        Thread callbacks = new Thread(this::complete, "sampo-result-" + job);
        callbacks.setDaemon(true);
        callbacks.start();
    }

    private void complete() {
        Throwable failed = failure;
        if (failed != null) {
            result.completeExceptionally(failed);
        } else {
            result.complete(value);
        }
    }

    @Override
    public String id() {
        return job.value();
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
        if (ended.getCount() > 0) {
            onCancel.run();
        }
    }

    @Override
    public CompletionStage<JobResult<K, V>> result() {
        synchronized (result) {
            asked = true;
        }
        if (ended.getCount() == 0) {
            complete();
        }
        return result.minimalCompletionStage();
    }

    @Override
    public JobResult<K, V> await() throws InterruptedException {
        ended.await();
        Throwable failed = failure;
        if (failed instanceof SampoException known) {
            // thrown anew, so that the trace shows the waiting thread and not the engine's
            throw new SampoException(known.code(), String.valueOf(known.getMessage()), known.getCause());
        }
        JobResult<K, V> succeeded = value;
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
