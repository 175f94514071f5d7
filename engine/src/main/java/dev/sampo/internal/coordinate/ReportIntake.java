package dev.sampo.internal.coordinate;

import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.FailureReport;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.NodeId;
import dev.sampo.internal.observe.JobEvent;
import dev.sampo.internal.protocol.TaskProtocol.AttemptOfJob;
import dev.sampo.internal.protocol.TaskProtocol.AttemptReports;
import dev.sampo.internal.protocol.TaskProtocol.FailedReport;
import dev.sampo.internal.protocol.TaskProtocol.HeldReport;
import dev.sampo.internal.schedule.SchedulerEvent;
import java.util.ArrayList;
import java.util.List;

/** Makes the events of a scheduler of what a node reports at once, and records and counts them. */
final class ReportIntake {
    private ReportIntake() {}

    static List<SchedulerEvent> events(AttemptReports reports, CoordinatorServices services) {
        JobId job = reports.job();
        NodeId node = reports.node();
        List<SchedulerEvent> events = new ArrayList<>();
        for (AttemptOfJob each : reports.started()) {
            AttemptId attempt = each.in(job);
            services.events().record(new JobEvent.AttemptStarted(attempt, node));
            events.add(new SchedulerEvent.AttemptStarted(attempt, node));
        }
        for (AttemptOfJob each : reports.handedBack()) {
            events.add(new SchedulerEvent.AttemptHandedBack(each.in(job), node));
        }
        for (HeldReport held : reports.held()) {
            AttemptId attempt = held.attempt().in(job);
            services.meters().attemptSucceeded(held.counters());
            services.events()
                    .record(new JobEvent.AttemptSucceeded(
                            attempt,
                            node,
                            held.counters().recordsOut(),
                            held.counters().bytesOut()));
            events.add(new SchedulerEvent.OutputHeld(attempt, node, held.counters(), held.bytes(), held.nanos()));
        }
        for (FailedReport failed : reports.failed()) {
            AttemptId attempt = failed.attempt().in(job);
            FailureReport report = failed.failure();
            services.meters().attemptFailed(report.kind());
            services.events()
                    .record(new JobEvent.AttemptFailed(attempt, node, report.kind(), report.code(), report.describe()));
            events.add(new SchedulerEvent.AttemptFailed(attempt, report));
        }
        return events;
    }
}
