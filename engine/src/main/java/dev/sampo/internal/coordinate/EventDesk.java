package dev.sampo.internal.coordinate;

import dev.sampo.internal.model.EventReport;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.observe.JobEventLog;
import dev.sampo.internal.protocol.ApiProtocol;
import dev.sampo.internal.protocol.ClusterProtocol.ReadEvents;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Lets others read the event log, also from other nodes. A reader asks for the events after the last it has, and is
 * answered when there are some: so the log need not know its readers, a slow reader slows nobody, and one that is too
 * slow learns that there is a gap. Several events that come close together make one answer.
 */
final class EventDesk extends AbstractBehavior<EventDesk.Command> {
    /** How soon a reader that waits hears of an event. */
    private static final Duration TICK = Duration.ofMillis(100);

    /** The most events of one answer, which must fit into a control message. */
    private static final int MOST = 500;

    private final TimerScheduler<Command> timers;
    private final JobEventLog log;
    private final LongSupplier nanos;
    private List<Pending> pending = new ArrayList<>();

    private EventDesk(
            ActorContext<Command> context, TimerScheduler<Command> timers, JobEventLog log, LongSupplier nanos) {
        super(context);
        this.timers = timers;
        this.log = log;
        this.nanos = nanos;
    }

    /** What the desk accepts. */
    sealed interface Command {}

    /** Somebody wants to read; of a job that is over nothing more will come. */
    record Read(ReadEvents request, boolean over) implements Command {}

    /** A job is over. */
    record JobOver(JobId job) implements Command {}

    private enum Tick implements Command {
        INSTANCE
    }

    private record Pending(ReadEvents request, long after, long deadline) {}

    static Behavior<Command> create(JobEventLog log, LongSupplier nanos) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new EventDesk(context, timers, log, nanos)));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Read.class, this::onRead)
                .onMessage(JobOver.class, this::onJobOver)
                .onMessage(Tick.class, this::onTick)
                .build();
    }

    private Behavior<Command> onRead(Read read) {
        ReadEvents request = read.request;
        long after = request.after() < 0 ? log.lastSequence() : request.after();
        if (!answer(request, after, read.over || request.patience().isZero(), read.over)) {
            pending.add(new Pending(
                    request, after, nanos.getAsLong() + request.patience().toNanos()));
            if (!timers.isTimerActive(Tick.INSTANCE)) {
                timers.startTimerWithFixedDelay(Tick.INSTANCE, TICK);
            }
        }
        return this;
    }

    private Behavior<Command> onTick(Tick tick) {
        long now = nanos.getAsLong();
        List<Pending> still = new ArrayList<>();
        for (Pending reader : pending) {
            if (!answer(reader.request, reader.after, now - reader.deadline >= 0, false)) {
                still.add(reader);
            }
        }
        keep(still);
        return this;
    }

    private Behavior<Command> onJobOver(JobOver over) {
        List<Pending> still = new ArrayList<>();
        for (Pending reader : pending) {
            if (!reader.request.job().equals(over.job.value()) || !answer(reader.request, reader.after, true, true)) {
                still.add(reader);
            }
        }
        keep(still);
        return this;
    }

    private void keep(List<Pending> still) {
        pending = still;
        if (still.isEmpty()) {
            timers.cancel(Tick.INSTANCE);
        }
    }

    /** Returns whether an answer was given; one without events only when it is due. */
    private boolean answer(ReadEvents request, long after, boolean due, boolean over) {
        int limit = Math.max(1, Math.min(request.limit(), MOST));
        JobEventLog.Page page =
                request.job().isEmpty() ? log.read(after, limit) : log.read(new JobId(request.job()), after, limit);
        if (page.entries().isEmpty() && !page.gap() && !due) {
            return false;
        }
        List<EventReport> reports =
                page.entries().stream().map(EventReports::of).toList();
        long next = reports.isEmpty() ? after : reports.get(reports.size() - 1).sequence();
        request.replyTo().tell(new ApiProtocol.EventsRead(reports, page.gap(), next, true, over && reports.isEmpty()));
        return true;
    }
}
