package dev.sampo.internal.schedule;

import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.NodeId;
import dev.sampo.internal.model.SlotLease;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Shares the slots of the cluster out among jobs: weighted fair over queues, in a queue by priority, among equals alike
 * ({@link FairShare}); a slot comes from the node with the most free ones. Jobs keep their slots from task to task; when
 * another job has less than its share of them, those above theirs are told to keep no more than that, so that a job gets
 * its first slot within the time of one task. Where slots are fewer than jobs, jobs take turns, a task each.
 *
 * <p>A pure rule: each method takes in a fact and returns what should be told to jobs. Late and repeated facts change
 * nothing. Used by one thread. A grant takes time in the logarithm of jobs and nodes; limits take time in proportion to
 * the jobs.
 */
public final class SlotAllocator {
    private final Map<NodeId, Node> nodes = new HashMap<>();
    private final Set<NodeId> lostNodes = new HashSet<>();
    private final Set<NodeId> leavingNodes = new HashSet<>();
    private final TreeSet<Node> withFree =
            new TreeSet<>(Comparator.comparingInt(Node::free).reversed().thenComparing(Node::id));
    private final FairShare shares;
    private final Map<Long, FairShare.Job> holders = new HashMap<>();
    private long lastLease;
    private int capacity;

    /** Whether jobs were told to keep no more than their shares. */
    private boolean limited;

    /**
     * Creates the allocator of a cluster without nodes.
     *
     * @param queues the weights of the queues by name, each more than 0
     */
    public SlotAllocator(Map<String, Double> queues) {
        this.shares = new FairShare(queues);
    }

    /** A node offers its slots. */
    public List<SlotDecision> nodeUp(NodeId id, int slots) {
        if (slots < 0) {
            throw new IllegalArgumentException("node " + id + " with " + slots + " slots; expected at least 0");
        }
        if (!lostNodes.contains(id) && !leavingNodes.contains(id) && !nodes.containsKey(id)) {
            Node node = new Node(id);
            nodes.put(id, node);
            capacity += slots;
            for (int i = 0; i < slots; i++) {
                putFree(node);
            }
        }
        return share();
    }

    /** A node is gone for good; its leases end without being released. */
    public List<SlotDecision> nodeDown(NodeId id) {
        lostNodes.add(id);
        leavingNodes.remove(id);
        Node node = nodes.remove(id);
        if (node != null) {
            withFree.remove(node);
            capacity -= node.draining ? 0 : node.free + node.leased.size();
            node.leased.forEach(this::takeFromHolder);
        }
        return share();
    }

    /** A node is leaving: its slots are granted no more. */
    public List<SlotDecision> nodeDraining(NodeId id) {
        leavingNodes.add(id);
        Node node = nodes.get(id);
        if (node != null && !node.draining) {
            withFree.remove(node);
            capacity -= node.free + node.leased.size();
            node.draining = true;
        }
        return share();
    }

    /**
     * A job may ask for slots from now on.
     *
     * @param queue the queue whose share it takes part in; one that the allocator was given
     * @param priority in its queue, jobs of a lower one get what it leaves
     */
    public List<SlotDecision> jobSubmitted(JobId id, String queue, int priority) {
        shares.add(id, queue, priority);
        return List.of();
    }

    /** A job wants so many slots in all. */
    public List<SlotDecision> demandChanged(JobId id, int slots) {
        FairShare.Job job = shares.job(id);
        if (job != null) {
            shares.change(job, job.granted, slots);
        }
        return share();
    }

    /** A job wants no slot of a node for a while, or wants such slots again. */
    public List<SlotDecision> nodeSetAside(JobId id, NodeId node, boolean aside) {
        FairShare.Job job = shares.job(id);
        if (job != null && aside) {
            job.aside.add(node);
        } else if (job != null) {
            job.aside.remove(node);
        }
        return share();
    }

    /** A job gives a slot back. */
    public List<SlotDecision> slotReleased(SlotLease lease) {
        free(lease);
        return share();
    }

    /**
     * A node has one slot less.
     *
     * @param lease the lease of that slot, or null when the job had given it back before
     */
    public List<SlotDecision> slotLost(NodeId id, @Nullable SlotLease lease) {
        Node node = nodes.get(id);
        if (node == null) {
            return share();
        }
        node.lost++;
        if (lease != null && node.leased.remove(lease.id())) {
            takeFromHolder(lease.id());
            capacity -= node.draining ? 0 : 1;
        } else if (node.free > 0) {
            withFree.remove(node);
            node.free--;
            capacity -= node.draining ? 0 : 1;
            offer(node);
        } else {
            node.owed++;
        }
        return share();
    }

    /** A node says how many of its slots are lost; of those that it had lost before, some may be there again. */
    public List<SlotDecision> slotsLost(NodeId id, int count) {
        Node node = nodes.get(id);
        while (node != null && node.lost < count) {
            slotLost(id, null);
        }
        while (node != null && node.lost > count) {
            node.lost--;
            if (node.owed > 0) {
                node.owed--;
            } else {
                capacity += node.draining ? 0 : 1;
                putFree(node);
            }
        }
        return share();
    }

    /** Returns the jobs that hold slots of a node. */
    public Set<JobId> jobsOn(NodeId id) {
        Set<JobId> there = new HashSet<>();
        Node node = nodes.get(id);
        if (node != null) {
            for (Long lease : node.leased) {
                FairShare.Job job = holders.get(lease);
                if (job != null) {
                    there.add(job.id);
                }
            }
        }
        return there;
    }

    /** A job has ended: all it holds is free. */
    public List<SlotDecision> jobEnded(JobId id) {
        FairShare.Job job = shares.remove(id);
        if (job != null) {
            for (SlotLease lease : List.copyOf(job.leases.values())) {
                free(lease);
            }
        }
        return share();
    }

    /** Returns the slots of all nodes that are not leaving. */
    public int capacity() {
        return capacity;
    }

    /** Returns how many slots are free and could be granted. */
    public int free() {
        return withFree.stream().mapToInt(Node::free).sum();
    }

    /** Returns how many slots a job holds. */
    public int granted(JobId id) {
        FairShare.Job job = shares.job(id);
        return job == null ? 0 : job.granted;
    }

    private void free(SlotLease lease) {
        Node node = nodes.get(lease.node());
        if (node == null || !node.leased.remove(lease.id())) {
            return;
        }
        takeFromHolder(lease.id());
        if (node.owed > 0) {
            node.owed--;
            capacity -= node.draining ? 0 : 1;
        } else {
            putFree(node);
        }
    }

    private void putFree(Node node) {
        withFree.remove(node);
        node.free++;
        offer(node);
    }

    private void offer(Node node) {
        if (node.free > 0 && !node.draining) {
            withFree.add(node);
        }
    }

    private void takeFromHolder(long lease) {
        FairShare.Job job = holders.remove(lease);
        if (job != null) {
            job.leases.remove(lease);
            shares.change(job, job.granted - 1, job.demand);
        }
    }

    private List<SlotDecision> share() {
        List<SlotDecision> decisions = new ArrayList<>();
        Set<FairShare.Job> without = new HashSet<>();
        while (!withFree.isEmpty()) {
            FairShare.Job job = shares.next(without);
            if (job == null) {
                break;
            }
            Node node = nodeFor(job);
            if (node == null) {
                without.add(job); // what is free it does not want
                continue;
            }
            withFree.remove(node);
            node.free--;
            SlotLease lease = new SlotLease(++lastLease, node.id);
            node.leased.add(lease.id());
            offer(node);
            holders.put(lease.id(), job);
            job.leases.put(lease.id(), lease);
            shares.serve(job);
            decisions.add(new SlotDecision.Grant(job.id, lease));
        }
        limit(without, decisions);
        return decisions;
    }

    private @Nullable Node nodeFor(FairShare.Job job) {
        for (Node node : withFree) {
            if (!job.aside.contains(node.id)) {
                return node;
            }
        }
        return null;
    }

    /** Limits jobs to their shares while another job has less than its own; lifts the limits when none has. */
    private void limit(Set<FairShare.Job> without, List<SlotDecision> decisions) {
        boolean needed = shares.settle(capacity, without);
        if (!needed && !limited) {
            return;
        }
        limited = needed;
        for (FairShare.Job job : shares.jobs()) {
            int cap = needed ? job.mayKeep() : Integer.MAX_VALUE;
            if (cap != job.cap) {
                job.cap = cap;
                decisions.add(new SlotDecision.Cap(job.id, cap));
            }
        }
    }

    private static final class Node {
        private final NodeId id;
        private final Set<Long> leased = new HashSet<>();
        private int free;

        /** Slots that are lost although a lease on them is out; each takes the place of the next one released. */
        private int owed;

        /** Slots that are lost, whoever paid for them. */
        private int lost;

        private boolean draining;

        private Node(NodeId id) {
            this.id = id;
        }

        private NodeId id() {
            return id;
        }

        private int free() {
            return free;
        }
    }
}
