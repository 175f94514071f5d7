package dev.sampo.internal.client;

import dev.sampo.internal.model.DataAddress;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.protocol.ClientProtocol;
import dev.sampo.internal.protocol.ClusterProtocol;
import dev.sampo.spi.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * Submits jobs to the cluster coordinator and follows them. A submit is repeated until it is answered; of a job that is
 * silent the coordinator is asked, and if a new one does not know it, it is submitted again under the same id. Several
 * trackers may follow one job, those of its submitters and others.
 */
public final class ClusterClient extends AbstractBehavior<ClientProtocol.Command> {
    private static final Duration SUBMIT_RETRY = Duration.ofSeconds(1);

    /** How long a job may be silent before the cluster is asked whether it still knows it. */
    private static final Duration SILENCE = Duration.ofSeconds(5);

    private final TimerScheduler<ClientProtocol.Command> timers;
    private final ActorRef<ClusterProtocol.Wire> coordinator;
    private final DataAddress blobs;
    private final Map<JobId, Followed> jobs = new HashMap<>();

    private ClusterClient(
            ActorContext<ClientProtocol.Command> context,
            TimerScheduler<ClientProtocol.Command> timers,
            ActorRef<ClusterProtocol.Wire> coordinator,
            DataAddress blobs) {
        super(context);
        this.timers = timers;
        this.coordinator = coordinator;
        this.blobs = blobs;
    }

    /** Submit this job, and tell the tracker what becomes of it. */
    public record Submit(JobTracker<?, ?> tracker, JobPackager job) implements ClientProtocol.Command {}

    /** Tell the tracker what becomes of a job that somebody submitted. */
    public record Follow(JobTracker<?, ?> tracker) implements ClientProtocol.Command {}

    /** Ask the cluster to cancel a job. */
    public record Cancel(JobId job, String reason) implements ClientProtocol.Command {}

    private record SubmitAgain(JobId job) implements ClientProtocol.Command {}

    private record Silent(JobId job) implements ClientProtocol.Command {}

    /** A job that trackers of this engine follow, those of submitters apart from those of others. */
    private static final class Followed {
        final List<JobTracker<?, ?>> submitters = new ArrayList<>();
        final List<JobTracker<?, ?>> others = new ArrayList<>();
        ClusterProtocol.@Nullable SubmitJob submit;

        List<JobTracker<?, ?>> all() {
            List<JobTracker<?, ?>> all = new ArrayList<>(submitters);
            all.addAll(others);
            return all;
        }
    }

    /**
     * Creates a client.
     *
     * @param coordinator the cluster coordinator, or a proxy of it
     * @param blobs where the blobs of the jobs can be had
     */
    public static Behavior<ClientProtocol.Command> create(
            ActorRef<ClusterProtocol.Wire> coordinator, DataAddress blobs) {
        return Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new ClusterClient(context, timers, coordinator, blobs)));
    }

    @Override
    public Receive<ClientProtocol.Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Submit.class, this::onSubmit)
                .onMessage(Follow.class, this::onFollow)
                .onMessage(SubmitAgain.class, this::onSubmitAgain)
                .onMessage(Cancel.class, this::onCancel)
                .onMessage(Silent.class, this::onSilent)
                .onMessage(ClientProtocol.JobAccepted.class, this::onJobAccepted)
                .onMessage(ClientProtocol.BlobsWanted.class, this::onBlobsWanted)
                .onMessage(ClientProtocol.JobUnknown.class, this::onJobUnknown)
                .onMessage(ClientProtocol.JobRefused.class, this::onJobRefused)
                .onMessage(ClientProtocol.Wire.class, this::onNews)
                .build();
    }

    private Behavior<ClientProtocol.Command> onSubmit(Submit submit) {
        JobId job = submit.tracker.job();
        ClusterProtocol.SubmitJob message = new ClusterProtocol.SubmitJob(
                job,
                submit.job.outline(),
                submit.job.definition(),
                getContext().getSelf().narrow());
        Followed followed = jobs.computeIfAbsent(job, id -> new Followed());
        ClusterProtocol.SubmitJob former = followed.submit;
        if (former != null && !fingerprint(former).equals(fingerprint(message))) {
            submit.tracker.on(new ClientProtocol.JobRefused(
                    job,
                    ErrorCode.JOB_UNKNOWN,
                    "job id '" + job + "' is that of another job of this engine; expected an id of its own, or the same"
                            + " job again"));
            return this;
        }
        followed.submitters.add(submit.tracker);
        followed.submit = message;
        submitUntilAccepted(job, message);
        return this;
    }

    private static String fingerprint(ClusterProtocol.SubmitJob submit) {
        return submit.definition().fingerprint(submit.outline());
    }

    private Behavior<ClientProtocol.Command> onFollow(Follow follow) {
        JobId job = follow.tracker.job();
        jobs.computeIfAbsent(job, id -> new Followed()).others.add(follow.tracker);
        ask(job);
        return this;
    }

    private void ask(JobId job) {
        coordinator.tell(
                new ClusterProtocol.FollowJob(job, getContext().getSelf().narrow()));
        listenFor(job);
    }

    private void submitUntilAccepted(JobId job, ClusterProtocol.SubmitJob message) {
        coordinator.tell(message);
        timers.startTimerWithFixedDelay(new SubmitAgain(job), new SubmitAgain(job), SUBMIT_RETRY);
    }

    private void listenFor(JobId job) {
        timers.startSingleTimer(new Silent(job), new Silent(job), SILENCE);
    }

    private Behavior<ClientProtocol.Command> onSilent(Silent silent) {
        if (jobs.containsKey(silent.job)) {
            ask(silent.job);
        }
        return this;
    }

    private Behavior<ClientProtocol.Command> onJobUnknown(ClientProtocol.JobUnknown unknown) {
        Followed followed = jobs.get(unknown.job());
        if (followed == null) {
            return this;
        }
        ClusterProtocol.SubmitJob submit = followed.submit;
        if (submit != null) {
            submitUntilAccepted(unknown.job(), submit);
        } else {
            forget(unknown.job());
            followed.others.forEach(tracker -> tracker.on(unknown));
        }
        return this;
    }

    private Behavior<ClientProtocol.Command> onBlobsWanted(ClientProtocol.BlobsWanted wanted) {
        if (jobs.containsKey(wanted.job())) {
            coordinator.tell(new ClusterProtocol.BlobsOffered(wanted.job(), blobs));
        }
        return this;
    }

    /** Ends those who submitted; who only follows the job of that id goes on to. */
    private Behavior<ClientProtocol.Command> onJobRefused(ClientProtocol.JobRefused refused) {
        timers.cancel(new SubmitAgain(refused.job()));
        Followed followed = jobs.get(refused.job());
        if (followed != null) {
            List<JobTracker<?, ?>> submitters = List.copyOf(followed.submitters);
            followed.submitters.clear();
            followed.submit = null;
            if (followed.others.isEmpty()) {
                forget(refused.job());
            }
            submitters.forEach(tracker -> tracker.on(refused));
        }
        return this;
    }

    private void forget(JobId job) {
        jobs.remove(job);
        timers.cancel(new SubmitAgain(job));
        timers.cancel(new Silent(job));
    }

    private Behavior<ClientProtocol.Command> onSubmitAgain(SubmitAgain again) {
        Followed followed = jobs.get(again.job);
        ClusterProtocol.SubmitJob submit = followed == null ? null : followed.submit;
        if (submit != null) {
            coordinator.tell(submit);
        }
        return this;
    }

    private Behavior<ClientProtocol.Command> onCancel(Cancel cancel) {
        coordinator.tell(new ClusterProtocol.CancelJob(cancel.job, cancel.reason));
        return this;
    }

    private Behavior<ClientProtocol.Command> onJobAccepted(ClientProtocol.JobAccepted accepted) {
        timers.cancel(new SubmitAgain(accepted.job()));
        Followed followed = jobs.get(accepted.job());
        if (followed != null) {
            followed.submitters.forEach(tracker -> tracker.on(accepted));
            listenFor(accepted.job());
        }
        return this;
    }

    private Behavior<ClientProtocol.Command> onNews(ClientProtocol.Wire news) {
        Followed followed = jobs.get(news.job());
        if (followed == null) {
            return this;
        }
        if (isEnd(news)) {
            forget(news.job());
        } else {
            listenFor(news.job());
        }
        followed.all().forEach(tracker -> tracker.on(news));
        return this;
    }

    private static boolean isEnd(ClientProtocol.Wire news) {
        return news instanceof ClientProtocol.JobSucceeded || news instanceof ClientProtocol.JobFailed;
    }
}
