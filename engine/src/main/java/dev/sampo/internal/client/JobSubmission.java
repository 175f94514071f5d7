package dev.sampo.internal.client;

import dev.sampo.internal.model.DataAddress;
import dev.sampo.internal.model.JobDefinition;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.JobOutline;
import dev.sampo.internal.protocol.ClientProtocol;
import dev.sampo.internal.protocol.ClusterProtocol;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.time.Duration;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * Submits one job in the name of somebody who is no member, and ends when the cluster has taken it over or refused it.
 * Nothing of the job is followed after that.
 */
final class JobSubmission extends AbstractBehavior<ClientProtocol.Command> {
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final ActorRef<ClusterProtocol.Wire> coordinator;
    private final Offer offer;
    private final Duration limit;
    private final Consumer<@Nullable SampoException> done;

    private JobSubmission(
            ActorContext<ClientProtocol.Command> context,
            ActorRef<ClusterProtocol.Wire> coordinator,
            Offer offer,
            Duration limit,
            Consumer<@Nullable SampoException> done) {
        super(context);
        this.coordinator = coordinator;
        this.offer = offer;
        this.limit = limit;
        this.done = done;
    }

    /**
     * What is submitted.
     *
     * @param blobs where the blobs of the job can be had
     */
    record Offer(JobId job, JobOutline outline, JobDefinition definition, DataAddress blobs) {}

    private enum Again implements ClientProtocol.Command {
        INSTANCE
    }

    private enum Over implements ClientProtocol.Command {
        INSTANCE
    }

    /**
     * Creates a submission.
     *
     * @param limit how long it may take
     * @param done is told once why the job is not taken, or null when it is
     */
    static Behavior<ClientProtocol.Command> create(
            ActorRef<ClusterProtocol.Wire> coordinator,
            Offer offer,
            Duration limit,
            Consumer<@Nullable SampoException> done) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            JobSubmission submission = new JobSubmission(context, coordinator, offer, limit, done);
            submission.begin(timers);
            return submission;
        }));
    }

    private void begin(TimerScheduler<ClientProtocol.Command> timers) {
        submit();
        timers.startTimerWithFixedDelay(Again.INSTANCE, RETRY);
        timers.startSingleTimer(Over.INSTANCE, limit);
    }

    private void submit() {
        coordinator.tell(new ClusterProtocol.SubmitJob(
                offer.job,
                offer.outline,
                offer.definition,
                getContext().getSelf().narrow()));
    }

    @Override
    public Receive<ClientProtocol.Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(ClientProtocol.JobAccepted.class, accepted -> end(null))
                .onMessage(
                        ClientProtocol.JobRefused.class,
                        refused -> end(new SampoException(refused.code(), refused.message())))
                .onMessage(
                        ClientProtocol.JobFailed.class,
                        refused -> end(new SampoException(refused.code(), refused.message())))
                .onMessage(ClientProtocol.BlobsWanted.class, this::onBlobsWanted)
                .onMessage(Again.class, this::onAgain)
                .onMessage(Over.class, this::onOver)
                .build();
    }

    private Behavior<ClientProtocol.Command> end(@Nullable SampoException failure) {
        done.accept(failure);
        return Behaviors.stopped();
    }

    private Behavior<ClientProtocol.Command> onBlobsWanted(ClientProtocol.BlobsWanted wanted) {
        coordinator.tell(new ClusterProtocol.BlobsOffered(offer.job, offer.blobs));
        return this;
    }

    private Behavior<ClientProtocol.Command> onAgain(Again again) {
        submit();
        return this;
    }

    private Behavior<ClientProtocol.Command> onOver(Over over) {
        return end(new SampoException(
                ErrorCode.NO_ANSWER,
                "job " + offer.job + ": the coordinator of the cluster did not take it over within " + limit.toSeconds()
                        + " s; submit it again under the same id"));
    }
}
