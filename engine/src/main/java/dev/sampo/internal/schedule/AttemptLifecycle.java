package dev.sampo.internal.schedule;

/** The states of a task attempt, as the scheduler sees them. */
final class AttemptLifecycle {
    /** Where an attempt is. */
    enum State {
        /** The launch is on its way. */
        ASSIGNED,
        /** Its node said that it runs. */
        RUNNING,
        /** It was told to stop; its slot is busy until it has. */
        STOPPING,
        /** Its result counts for its task. */
        SUCCEEDED,
        /** It ended without a result. */
        FAILED,
        /** It ended after it was told to. */
        CANCELED,
        /** Its node did not take it. */
        REFUSED,
        /** Its node, or its slot, is gone; or it never answered. */
        LOST
    }

    /** What can happen to an attempt. */
    enum Event {
        /** Its node reported anything that implies that it runs. */
        ACKNOWLEDGED,
        /** Its node turned it away, or handed it back before it began. */
        TURNED_AWAY,
        /** Its result was accepted. */
        ACCEPTED,
        /** It reported a failure. */
        FAILED,
        /** It was told to stop: timed out, written off, outrun, or the job ends. */
        TOLD_TO_STOP,
        /** It reported its end after it was told to stop. */
        STOPPED,
        /** It will never report. */
        VANISHED
    }

    static final Transitions<State, Event> TABLE = Transitions.<State, Event>of("attempt", State.ASSIGNED)
            .on(State.ASSIGNED, Event.ACKNOWLEDGED, State.RUNNING)
            .on(State.ASSIGNED, Event.TURNED_AWAY, State.REFUSED)
            .on(State.ASSIGNED, Event.TOLD_TO_STOP, State.STOPPING)
            .on(State.ASSIGNED, Event.VANISHED, State.LOST)
            .on(State.RUNNING, Event.TURNED_AWAY, State.REFUSED)
            .on(State.RUNNING, Event.ACCEPTED, State.SUCCEEDED)
            .on(State.RUNNING, Event.FAILED, State.FAILED)
            .on(State.RUNNING, Event.TOLD_TO_STOP, State.STOPPING)
            .on(State.RUNNING, Event.VANISHED, State.LOST)
            .on(State.STOPPING, Event.STOPPED, State.CANCELED)
            .on(State.STOPPING, Event.VANISHED, State.LOST)
            .on(State.STOPPING, Event.ACCEPTED, State.SUCCEEDED)
            .build();

    private AttemptLifecycle() {}
}
