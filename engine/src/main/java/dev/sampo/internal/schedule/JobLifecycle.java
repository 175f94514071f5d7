package dev.sampo.internal.schedule;

import dev.sampo.api.JobState;

/** The transitions of a job between its public states. */
final class JobLifecycle {
    /** What can happen to a job. */
    enum Event {
        /** The first attempt was launched. */
        LAUNCHED,
        /** The splits are listed and the sample, if any, is complete. */
        PLANNED,
        /** Every part of the result is granted. */
        REDUCED,
        /** The result is visible. */
        COMMITTED,
        /** It failed or was canceled; its attempts are told to stop. */
        GIVEN_UP,
        /** It failed, and all attempts have ended. */
        FAILED,
        /** It was canceled, and all attempts have ended. */
        CANCELED
    }

    static final Transitions<JobState, Event> TABLE = Transitions.<JobState, Event>of("job", JobState.QUEUED)
            .on(JobState.QUEUED, Event.LAUNCHED, JobState.PLANNING)
            .on(JobState.QUEUED, Event.GIVEN_UP, JobState.STOPPING)
            .on(JobState.PLANNING, Event.PLANNED, JobState.RUNNING)
            .on(JobState.PLANNING, Event.GIVEN_UP, JobState.STOPPING)
            .on(JobState.RUNNING, Event.REDUCED, JobState.COMMITTING)
            .on(JobState.RUNNING, Event.GIVEN_UP, JobState.STOPPING)
            .on(JobState.COMMITTING, Event.COMMITTED, JobState.SUCCEEDED)
            .on(JobState.COMMITTING, Event.GIVEN_UP, JobState.STOPPING)
            .on(JobState.STOPPING, Event.FAILED, JobState.FAILED)
            .on(JobState.STOPPING, Event.CANCELED, JobState.CANCELED)
            .on(JobState.STOPPING, Event.COMMITTED, JobState.SUCCEEDED)
            .build();

    private JobLifecycle() {}
}
