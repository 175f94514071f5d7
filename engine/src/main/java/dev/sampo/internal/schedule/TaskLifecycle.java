package dev.sampo.internal.schedule;

/** The states of a task. */
final class TaskLifecycle {
    /** Where a task is. */
    enum State {
        /** The stage before is not done. */
        WAITING,
        /** It wants a slot. */
        RUNNABLE,
        /** An attempt of it is under way. */
        ACTIVE,
        /** An attempt's result counts: it is held for the next stage, granted the commit, or taken into the plan. */
        DONE
    }

    /** What can happen to a task. */
    enum Event {
        /** The stage before is done. */
        INPUTS_COMPLETE,
        /** An output of the stage before is gone. */
        INPUTS_LOST,
        /** An attempt was launched. */
        LAUNCHED,
        /** The attempt ended without a result, or was told to stop. */
        ATTEMPT_ENDED,
        /** The result of an attempt was accepted. */
        FINISHED,
        /** The output is gone, and the next stage needs it. */
        OUTPUT_LOST,
        /** The next stage was done without the lost output: whoever needed it had read it before. */
        NOT_NEEDED
    }

    static final Transitions<State, Event> TABLE = Transitions.<State, Event>of("task", State.WAITING)
            .on(State.WAITING, Event.INPUTS_COMPLETE, State.RUNNABLE)
            .on(State.WAITING, Event.NOT_NEEDED, State.DONE)
            .on(State.RUNNABLE, Event.NOT_NEEDED, State.DONE)
            .on(State.RUNNABLE, Event.INPUTS_LOST, State.WAITING)
            .on(State.RUNNABLE, Event.LAUNCHED, State.ACTIVE)
            .on(State.ACTIVE, Event.ATTEMPT_ENDED, State.WAITING)
            .on(State.ACTIVE, Event.FINISHED, State.DONE)
            .on(State.DONE, Event.OUTPUT_LOST, State.WAITING)
            .build();

    private TaskLifecycle() {}
}
