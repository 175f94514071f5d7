package dev.sampo.internal.execute;

import dev.sampo.internal.fault.FailureClassifier;
import dev.sampo.internal.fault.FailureOrigin;
import dev.sampo.internal.fault.FaultPoint;
import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.FailureKind;
import dev.sampo.internal.model.FailureReport;
import dev.sampo.internal.observe.LogKeys;
import dev.sampo.spi.ErrorCode;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * The actor of one task attempt. Its work runs on a thread for user code; the actor itself never blocks, so an attempt
 * can be canceled whatever its work does. A failure of the work is thrown here, inside the actor, and reaches the {@link
 * NodeAgent} as the failure of its child. Phases: running → committing (last stage only) → gone; canceling from both.
 */
final class AttemptRunner {
    private static final Duration COMMIT_RETRY = Duration.ofSeconds(1);

    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final AttemptScope scope;
    private final AttemptWork work;
    private final ActorRef<Report> agent;

    private AttemptRunner(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            AttemptScope scope,
            AttemptWork work,
            ActorRef<Report> agent) {
        this.context = context;
        this.timers = timers;
        this.scope = scope;
        this.work = work;
        this.agent = agent;
    }

    /** What the runner accepts; all of it local. */
    sealed interface Command {}

    /** The attempt is to be stopped. */
    record Cancel(String reason) implements Command {}

    /** The attempt is to go back to the coordinator, unless it has begun. */
    enum HandBack implements Command {
        INSTANCE
    }

    /** The written part counts. */
    enum Grant implements Command {
        INSTANCE
    }

    /** Another attempt's part counts. */
    record Deny(String reason) implements Command {}

    private record Done(Outcome outcome) implements Command {}

    private record Broken(FailureReport failure) implements Command {}

    private enum AskAgain implements Command {
        INSTANCE
    }

    private enum GraceOver implements Command {
        INSTANCE
    }

    /** What the runner tells its agent. */
    sealed interface Report {
        /** Returns whose report it is. */
        AttemptId attempt();
    }

    /** The work is done; for a written part the attempt stays until the commit is decided. */
    record Finished(AttemptId attempt, Outcome outcome) implements Report {}

    /** The granted part is noted; the attempt has ended. */
    record Committed(AttemptId attempt) implements Report {}

    /** The attempt has ended before it began. */
    record HandedBack(AttemptId attempt) implements Report {}

    /** The work ignores its interrupt; its thread is given up. */
    record ThreadLost(AttemptId attempt) implements Report {}

    /** The thread that was given up has ended after all. */
    record ThreadBack(AttemptId attempt) implements Report {}

    static Behavior<Command> create(AttemptScope scope, AttemptWork work, ActorRef<Report> agent) {
        return Behaviors.withMdc(
                Command.class,
                LogKeys.of(scope.attempt()),
                Behaviors.setup(context -> Behaviors.withTimers(
                        timers -> new AttemptRunner(context, timers, scope, work, agent).start())));
    }

    private Behavior<Command> start() {
        UserWork running = new UserWork(scope, work, context.getSelf(), agent);
        Future<?> thread = scope.node().threads().start(scope.order().lease(), running);
        return running(running, thread);
    }

    private Behavior<Command> running(UserWork user, Future<?> thread) {
        return Behaviors.receive(Command.class)
                .onMessage(Done.class, done -> onDone(done.outcome))
                .onMessage(Broken.class, broken -> fail(broken.failure))
                .onMessage(Cancel.class, cancel -> cancel(user, thread, cancel.reason))
                .onMessage(HandBack.class, back -> handBack(user, thread))
                .onSignal(PostStop.class, signal -> {
                    user.abandon();
                    thread.cancel(true);
                    return Behaviors.same();
                })
                .build();
    }

    private Behavior<Command> onDone(Outcome outcome) {
        agent.tell(new Finished(scope.attempt(), outcome));
        if (!(outcome instanceof Outcome.Written)) {
            return Behaviors.stopped();
        }
        timers.startTimerWithFixedDelay(AskAgain.INSTANCE, COMMIT_RETRY);
        return committing(outcome);
    }

    private Behavior<Command> handBack(UserWork user, Future<?> thread) {
        if (user.hasBegun()) {
            return Behaviors.same();
        }
        thread.cancel(false);
        agent.tell(new HandedBack(scope.attempt()));
        return Behaviors.stopped();
    }

    private Behavior<Command> committing(Outcome outcome) {
        return Behaviors.receive(Command.class)
                .onMessage(AskAgain.class, ask -> {
                    agent.tell(new Finished(scope.attempt(), outcome));
                    return Behaviors.same();
                })
                .onMessage(Grant.class, grant -> {
                    agent.tell(new Committed(scope.attempt()));
                    return Behaviors.stopped();
                })
                .onMessage(HandBack.class, late -> Behaviors.same())
                .onMessage(Deny.class, deny -> {
                    work.discard();
                    return fail(planned(deny.reason));
                })
                .onMessage(Cancel.class, cancel -> {
                    work.discard();
                    return fail(planned(cancel.reason));
                })
                .build();
    }

    private Behavior<Command> cancel(UserWork user, Future<?> thread, String reason) {
        scope.cancel();
        thread.cancel(true);
        if (!user.hasBegun()) {
            return fail(planned(reason)); // canceled before a thread took it: nothing will ever answer
        }
        timers.startSingleTimer(
                GraceOver.INSTANCE, scope.node().settings().task().interruptGrace());
        return Behaviors.receive(Command.class)
                .onMessage(Done.class, done -> {
                    if (done.outcome instanceof Outcome.Committed) {
                        return onDone(done.outcome); // too late: everybody can see the result
                    }
                    user.discard();
                    return fail(planned(reason));
                })
                .onMessage(Broken.class, broken -> fail(planned(reason)))
                .onMessage(GraceOver.class, over -> {
                    user.giveUp();
                    return fail(planned(reason));
                })
                .onMessage(Cancel.class, again -> Behaviors.same())
                .onMessage(HandBack.class, late -> Behaviors.same())
                .onSignal(PostStop.class, signal -> {
                    user.abandon();
                    return Behaviors.same();
                })
                .build();
    }

    private static FailureReport planned(String reason) {
        return FailureReport.of(FailureKind.PLAN, ErrorCode.JOB_CANCELED, reason);
    }

    private static Behavior<Command> fail(FailureReport failure) {
        throw new AttemptFailedException(failure);
    }

    /** The work on its thread. Tells the actor how it ended, or cleans up when nobody listens any more. */
    private static final class UserWork implements Runnable {
        private static final Broken UNTOLD = new Broken(FailureReport.of(
                FailureKind.MEMORY,
                ErrorCode.OUT_OF_MEMORY,
                "the attempt failed, and there was too little memory to say how"));

        private final AttemptScope scope;
        private final AttemptWork work;
        private final ActorRef<Command> runner;
        private final AtomicBoolean begun = new AtomicBoolean();
        private final AtomicBoolean abandoned = new AtomicBoolean();
        private final ActorRef<Report> agent;
        private boolean ended;
        private boolean lost;

        UserWork(AttemptScope scope, AttemptWork work, ActorRef<Command> runner, ActorRef<Report> agent) {
            this.scope = scope;
            this.work = work;
            this.runner = runner;
            this.agent = agent;
        }

        /** Gives the thread up, unless the work has just ended: the agent hears of the loss before it hears of the end. */
        synchronized void giveUp() {
            abandon();
            if (!ended) {
                lost = true;
                agent.tell(new ThreadLost(scope.attempt()));
            }
        }

        private synchronized void end() {
            ended = true;
            if (lost) {
                agent.tell(new ThreadBack(scope.attempt()));
            }
        }

        /** Returns whether a thread has taken the work; if not, none ever will. */
        boolean hasBegun() {
            return !begun.compareAndSet(false, true);
        }

        void abandon() {
            abandoned.set(true);
        }

        void discard() {
            work.discard();
            scope.node().segments().remove(scope.attempt());
        }

        @Override
        public void run() {
            if (!begun.compareAndSet(false, true)) {
                return;
            }
            LogKeys.mark(scope.attempt());
            Thread thread = Thread.currentThread();
            ClassLoader former = thread.getContextClassLoader();
            thread.setContextClassLoader(
                    scope.node().loaders().first(scope.attempt().task().job()));
            try {
                scope.node().faults().onAttempt(scope.attempt(), FaultPoint.STARTED, 0);
                scope.begin();
                Outcome outcome = work.run(scope);
                if (abandoned.get()) {
                    discard();
                } else {
                    runner.tell(new Done(outcome));
                }
            } catch (Throwable failure) { // user code may throw anything; the thread and the JVM go on
                tellBroken(failure);
            } finally {
                thread.setContextClassLoader(former);
                LogKeys.unmark();
                end();
            }
        }

        /** The attempt must not stay silent, even when there is too little memory to say what happened. */
        private void tellBroken(Throwable failure) {
            Broken broken = UNTOLD;
            try {
                broken = new Broken(report(failure));
            } catch (Throwable again) { // most likely no memory, by which it has failed in the first place
                broken = UNTOLD;
            }
            while (true) {
                try {
                    runner.tell(broken);
                    return;
                } catch (OutOfMemoryError full) {
                    Thread.onSpinWait(); // until others give memory back
                }
            }
        }

        private FailureReport report(Throwable failure) {
            FetchFailedException fetch = fetchFailure(failure);
            if (fetch != null) {
                return FailureClassifier.fetchFailed(fetch.producer(), failure);
            }
            FailureOrigin origin = scope.origin();
            return FailureClassifier.classify(failure, origin);
        }

        /** Looks below what user code may have wrapped around it. */
        private static @Nullable FetchFailedException fetchFailure(Throwable failure) {
            Throwable cause = failure;
            for (int depth = 0; cause != null && depth < 20; depth++) {
                if (cause instanceof FetchFailedException fetch) {
                    return fetch;
                }
                cause = cause.getCause();
            }
            return null;
        }
    }
}
