package dev.sampo.internal.client;

import dev.sampo.internal.model.JobId;
import dev.sampo.internal.protocol.ClientProtocol;
import dev.sampo.internal.protocol.ClusterProtocol;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Submits jobs to the cluster coordinator and follows them. A submit is repeated until it is answered; of a job that is
 * silent the coordinator is asked, and if a new one does not know it, it is submitted again under the same id.
 */
public final class ClusterClient extends AbstractBehavior<ClientProtocol.Command> {
    private static final Duration SUBMIT_RETRY = Duration.ofSeconds(1);

    /** How long a job may be silent before the cluster is asked whether it still knows it. */
    private static final Duration SILENCE = Duration.ofSeconds(5);

    private final TimerScheduler<ClientProtocol.Command> timers;
    private final ActorRef<ClusterProtocol.Wire> coordinator;
    private final Map<JobId, Followed> jobs = new HashMap<>();

    private ClusterClient(
            ActorContext<ClientProtocol.Command> context,
            TimerScheduler<ClientProtocol.Command> timers,
            ActorRef<ClusterProtocol.Wire> coordinator) {
        super(context);
        this.timers = timers;
        this.coordinator = coordinator;
    }

    /** Submit this job, and tell the tracker what becomes of it. */
    public record Submit(JobTracker<?, ?> tracker, JobPackager job) implements ClientProtocol.Command {}

    /** Ask the cluster to cancel a job. */
    public record Cancel(JobId job, String reason) implements ClientProtocol.Command {}

    private record SubmitAgain(JobId job) implements ClientProtocol.Command {}

    private record Silent(JobId job) implements ClientProtocol.Command {}

    private record Followed(JobTracker<?, ?> tracker, ClusterProtocol.SubmitJob submit) {}

    /**
     * Creates a client.
     *
     * @param coordinator the cluster coordinator, or a proxy of it
     */
    public static Behavior<ClientProtocol.Command> create(ActorRef<ClusterProtocol.Wire> coordinator) {
        return Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new ClusterClient(context, timers, coordinator)));
    }

    @Override
    public Receive<ClientProtocol.Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Submit.class, this::onSubmit)
                .onMessage(SubmitAgain.class, this::onSubmitAgain)
                .onMessage(Cancel.class, this::onCancel)
                .onMessage(Silent.class, this::onSilent)
                .onMessage(ClientProtocol.JobAccepted.class, this::onJobAccepted)
                .onMessage(ClientProtocol.JobUnknown.class, this::onJobUnknown)
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
        jobs.put(job, new Followed(submit.tracker, message));
        submitUntilAccepted(job, message);
        return this;
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
            coordinator.tell(new ClusterProtocol.FollowJob(
                    silent.job, getContext().getSelf().narrow()));
            listenFor(silent.job);
        }
        return this;
    }

    private Behavior<ClientProtocol.Command> onJobUnknown(ClientProtocol.JobUnknown unknown) {
        Followed followed = jobs.get(unknown.job());
        if (followed != null) {
            submitUntilAccepted(unknown.job(), followed.submit);
        }
        return this;
    }

    private Behavior<ClientProtocol.Command> onSubmitAgain(SubmitAgain again) {
        Followed followed = jobs.get(again.job);
        if (followed != null) {
            coordinator.tell(followed.submit);
        }
        return this;
    }

    private Behavior<ClientProtocol.Command> onCancel(Cancel cancel) {
        coordinator.tell(new ClusterProtocol.CancelJob(cancel.job, cancel.reason));
        return this;
    }

    private Behavior<ClientProtocol.Command> onJobAccepted(ClientProtocol.JobAccepted accepted) {
        timers.cancel(new SubmitAgain(accepted.job()));
        if (jobs.containsKey(accepted.job())) {
            listenFor(accepted.job());
        }
        return this;
    }

    private Behavior<ClientProtocol.Command> onNews(ClientProtocol.Wire news) {
        Followed followed = jobs.get(news.job());
        if (followed == null) {
            return this;
        }
        if (followed.tracker.on(news)) {
            jobs.remove(news.job());
            timers.cancel(new SubmitAgain(news.job()));
            timers.cancel(new Silent(news.job()));
        } else {
            listenFor(news.job());
        }
        return this;
    }
}
