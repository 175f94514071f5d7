package dev.sampo.internal.coordinate;

import dev.sampo.internal.cluster.ConsistentHashRouter;
import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.NodeFacts;
import dev.sampo.internal.model.NodeId;
import dev.sampo.internal.observe.JobEvent;
import dev.sampo.internal.protocol.ClusterProtocol.DrainStarted;
import dev.sampo.internal.protocol.ClusterProtocol.RenewLeases;
import dev.sampo.internal.protocol.NodeProtocol;
import dev.sampo.internal.schedule.SlotAllocator;
import dev.sampo.internal.schedule.SlotDecision;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What it means for the slots, the placement and the jobs that a node comes, says what it runs, leaves, or is lost. Owned
 * by the cluster coordinator.
 */
final class WorkerNodes {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerNodes.class);

    private final CoordinatorServices services;
    private final ActorRef<ConsistentHashRouter.Command> router;
    private final SlotAllocator slots;
    private final RunningJobs jobs;
    private final Consumer<List<SlotDecision>> perform;
    private final NodeTable nodes = new NodeTable();
    private final Departures departures = new Departures();

    /**
     * Makes an empty set.
     *
     * @param perform carries out what becomes of the slots
     */
    WorkerNodes(
            CoordinatorServices services,
            ActorRef<ConsistentHashRouter.Command> router,
            SlotAllocator slots,
            RunningJobs jobs,
            Consumer<List<SlotDecision>> perform) {
        this.services = services;
        this.router = router;
        this.slots = slots;
        this.jobs = jobs;
        this.perform = perform;
    }

    NodeTable table() {
        return nodes;
    }

    /** A node offers its slots for the first time in its life; the life before it at its address is over. */
    void add(NodeFacts facts, ActorRef<NodeProtocol.Wire> agent) {
        NodeId node = facts.id();
        NodeId former = nodes.atAddress(facts.address());
        if (former != null) {
            lose(former, "node " + node + " took its address");
        }
        nodes.add(facts, agent);
        services.events().record(new JobEvent.NodeJoined(node, facts.slots()));
        LOG.info("node {} joined with {} slots", node, facts.slots());
        publish();
        perform.accept(slots.nodeUp(node, facts.slots()));
    }

    /** A node is gone without a word; does nothing for one that is not known. */
    void lose(NodeId node, String why) {
        if (nodes.contains(node)) {
            LOG.warn("node {} is lost: {}", node, why);
            services.events().record(new JobEvent.NodeLost(node, why));
            remove(node);
        }
    }

    /** A node is gone, and has said so. */
    void left(NodeId node) {
        if (nodes.contains(node)) {
            services.events().record(new JobEvent.NodeLeft(node));
            remove(node);
        }
    }

    private void remove(NodeId node) {
        nodes.remove(node);
        departures.gone(node);
        List<SlotDecision> decisions = slots.nodeDown(node);
        jobs.tellAll(new JobCommand.NodeGone(node));
        publish();
        perform.accept(decisions);
    }

    /** What a node runs is told to the jobs that hold slots there, and to those whose attempts it lists. */
    void renew(RenewLeases renew) {
        NodeId node = renew.node();
        if (!renew.epoch().equals(services.epoch()) || !nodes.contains(node)) {
            return; // it registers anew
        }
        Map<JobId, Set<AttemptId>> running = new HashMap<>();
        slots.jobsOn(node).forEach(job -> running.put(job, new HashSet<>()));
        renew.running()
                .forEach(attempt -> running.computeIfAbsent(attempt.task().job(), job -> new HashSet<>())
                        .add(attempt));
        Map<JobId, Map<AttemptId, Double>> progress = new HashMap<>();
        renew.progress()
                .forEach(of -> progress.computeIfAbsent(of.attempt().task().job(), job -> new HashMap<>())
                        .put(of.attempt(), of.permille() / 1e3));
        running.forEach((job, attempts) ->
                jobs.tell(job, new JobCommand.NodeHeard(node, attempts, progress.getOrDefault(job, Map.of()))));
        perform.accept(slots.slotsLost(node, renew.lostSlots()));
        renew.agent().tell(new NodeProtocol.LeasesRenewed(services.epoch()));
    }

    /** A node begins to leave. */
    void drain(DrainStarted drain) {
        NodeId node = drain.node();
        if (!nodes.contains(node)) {
            drain.agent().tell(new NodeProtocol.NodeDrained(services.epoch()));
        } else if (nodes.drain(node)) {
            services.events().record(new JobEvent.NodeDraining(node));
            departures.begin(node, jobs.ids());
            List<SlotDecision> decisions = slots.nodeDraining(node);
            publish();
            jobs.tellAll(new JobCommand.NodeDrains(node));
            perform.accept(decisions);
        }
        releaseDrained();
    }

    /** A job has nothing left to do with a node that leaves. */
    void emptied(NodeId node, JobId job) {
        departures.emptied(node, job);
        releaseDrained();
    }

    /** A job has ended, and with it all that it had anywhere. */
    void jobEnded(JobId job) {
        departures.ended(job);
        releaseDrained();
    }

    private void releaseDrained() {
        for (NodeId node : departures.done()) {
            ActorRef<NodeProtocol.Wire> agent = nodes.agent(node);
            if (agent != null) {
                agent.tell(new NodeProtocol.NodeDrained(services.epoch()));
            }
        }
    }

    /** Gives the router and every job the nodes and the placement as they are now. */
    private void publish() {
        router.tell(new ConsistentHashRouter.UsePlacement(nodes.nextPlacement(), nodes.agents()));
        jobs.tellAll(news());
    }

    /** Returns the nodes and the placement for a job. */
    JobCommand.NodesChanged news() {
        return new JobCommand.NodesChanged(nodes.placement(), nodes.facts(), nodes.agents());
    }
}
