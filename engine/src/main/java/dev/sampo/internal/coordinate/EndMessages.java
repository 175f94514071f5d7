package dev.sampo.internal.coordinate;

import dev.sampo.api.Counters;
import dev.sampo.api.JobProgress;
import dev.sampo.api.JobState;
import dev.sampo.internal.model.DataAddress;
import dev.sampo.internal.model.FailureReport;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.protocol.ClientProtocol;
import dev.sampo.internal.schedule.Decision;
import dev.sampo.internal.schedule.Scheduler;
import dev.sampo.spi.ErrorCode;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** What a submitter is told at the end of a job. */
final class EndMessages {
    private EndMessages() {}

    static ClientProtocol.Wire of(JobId job, Decision decision, Scheduler scheduler, DataAddress results, long nanos) {
        if (decision instanceof Decision.JobSucceeded succeeded) {
            return new ClientProtocol.JobSucceeded(
                    job,
                    succeeded.parts(),
                    results,
                    scheduler.progress(),
                    scheduler.counters(),
                    TimeUnit.NANOSECONDS.toMillis(nanos));
        } else if (decision instanceof Decision.JobFailed failed) {
            return new ClientProtocol.JobFailed(
                    job,
                    failed.report().code(),
                    failed.report().describe(),
                    failed.report().stackTrace(),
                    scheduler.progress(),
                    scheduler.counters());
        } else if (decision instanceof Decision.JobCanceled canceled) {
            return new ClientProtocol.JobFailed(
                    job, ErrorCode.JOB_CANCELED, canceled.reason(), "", scheduler.progress(), scheduler.counters());
        }
        throw new IllegalStateException("decision " + decision + "; expected the end of job " + job);
    }

    /** Returns what the submitter of a job is told that was not even begun. */
    static ClientProtocol.Wire refused(JobId job, FailureReport report) {
        return new ClientProtocol.JobFailed(
                job, report.code(), report.message(), report.stackTrace(), noProgress(JobState.FAILED), noCounters());
    }

    static JobProgress noProgress(JobState state) {
        return new JobProgress(state, List.of());
    }

    static Counters noCounters() {
        return new Counters(List.of(), new TreeMap<>());
    }
}
