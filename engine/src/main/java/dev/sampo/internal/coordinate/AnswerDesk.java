package dev.sampo.internal.coordinate;

import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.JobOutline;
import dev.sampo.internal.model.NodeReport;
import dev.sampo.internal.protocol.ApiProtocol;
import dev.sampo.internal.protocol.ClientProtocol;
import dev.sampo.internal.protocol.ClusterProtocol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * Answers questions about jobs, nodes and events in the name of the cluster coordinator, of which it is a part. An answer
 * that waits for something is given at the latest when its time is over.
 */
final class AnswerDesk {
    private final ActorContext<ClusterProtocol.Command> context;
    private final CoordinatorServices services;
    private final NodeTable nodes;
    private final JobBook book;
    private final ActorRef<EventDesk.Command> events;
    private final Map<JobId, List<ActorRef<ApiProtocol.JobDescribed>>> waiting = new HashMap<>();

    AnswerDesk(ActorContext<ClusterProtocol.Command> context, CoordinatorServices services, NodeTable nodes) {
        this.context = context;
        this.services = services;
        this.nodes = nodes;
        this.book = new JobBook(services.settings().rememberedJobs());
        this.events = context.spawn(EventDesk.create(services.events(), services.nanos()), "events");
    }

    /** The time is over for which an answer may wait. */
    record Late(JobId job, ActorRef<ApiProtocol.JobDescribed> replyTo) implements ClusterProtocol.Command {}

    void accepted(JobId job, JobOutline outline) {
        book.accepted(job, outline, services.clock().instant());
    }

    void advanced(JobNotice.JobAdvanced advanced) {
        book.advanced(advanced, services.clock().instant());
    }

    void ended(JobId job, ClientProtocol.Wire end) {
        book.ended(job, end, services.clock().instant());
        List<ActorRef<ApiProtocol.JobDescribed>> askers = waiting.remove(job);
        if (askers != null) {
            askers.forEach(asker -> describe(job, asker));
        }
        events.tell(new EventDesk.JobOver(job));
    }

    void answer(ClusterProtocol.Query query) {
        if (query instanceof ClusterProtocol.ListJobs list) {
            list.replyTo().tell(new ApiProtocol.JobsListed(book.list(list.states(), list.limit())));
        } else if (query instanceof ClusterProtocol.DescribeJob describe) {
            describe(describe);
        } else if (query instanceof ClusterProtocol.ListNodes list) {
            list.replyTo().tell(new ApiProtocol.NodesListed(nodeReports()));
        } else if (query instanceof ClusterProtocol.ReadEvents read) {
            read(read);
        }
    }

    private void describe(ClusterProtocol.DescribeJob describe) {
        JobId job = describe.job();
        if (describe.patience().isZero() || !book.knows(job) || book.hasEnded(job)) {
            describe(job, describe.replyTo());
        } else {
            waiting.computeIfAbsent(job, id -> new ArrayList<>()).add(describe.replyTo());
            context.scheduleOnce(describe.patience(), context.getSelf(), new Late(job, describe.replyTo()));
        }
    }

    void late(Late late) {
        List<ActorRef<ApiProtocol.JobDescribed>> askers = waiting.get(late.job);
        if (askers != null && askers.remove(late.replyTo)) {
            if (askers.isEmpty()) {
                waiting.remove(late.job);
            }
            describe(late.job, late.replyTo);
        }
    }

    void describe(JobId job, ActorRef<ApiProtocol.JobDescribed> replyTo) {
        String idle = nodes.isEmpty() ? "no worker node has joined" : "no slot is free for it yet";
        replyTo.tell(new ApiProtocol.JobDescribed(job, book.details(job, idle)));
    }

    private List<NodeReport> nodeReports() {
        return nodes.facts().values().stream()
                .sorted((a, b) -> a.id().compareTo(b.id()))
                .map(facts -> new NodeReport(facts, book.running(facts.id()), nodes.isDraining(facts.id())))
                .toList();
    }

    private void read(ClusterProtocol.ReadEvents read) {
        if (read.job().isEmpty()) {
            events.tell(new EventDesk.Read(read, false));
            return;
        }
        JobId job = new JobId(read.job());
        if (book.knows(job)) {
            events.tell(new EventDesk.Read(read, book.hasEnded(job)));
        } else {
            read.replyTo().tell(new ApiProtocol.EventsRead(List.of(), false, read.after(), false, true));
        }
    }
}
