package dev.sampo.internal.schedule;

import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.NodeId;
import dev.sampo.internal.model.SlotLease;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Shares the slots of the cluster out among jobs: a free slot goes to the job that has the fewest for its weight and
 * wants more (weighted max-min fairness), the job submitted first where they are equal, and comes from the node with
 * the most free slots. Jobs keep their slots from task to task; when another job has less than its share of them, those
 * above theirs are told to keep no more than that. While there are fewer slots than jobs, some jobs wait for others.
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
    private final Map<JobId, Job> jobs = new LinkedHashMap<>();
    private final TreeSet<Job> hungry =
            new TreeSet<>(Comparator.comparingDouble(Job::load).thenComparingLong(Job::order));
    private final Map<Long, Job> holders = new HashMap<>();
    private long lastLease;
    private long lastOrder;
    private int capacity;

    /** Creates the allocator of a cluster without nodes. */
    public SlotAllocator() {
        this(0);
    }

    /**
     * Creates an allocator that succeeds another.
     *
     * @param lastLease a number that no lease granted so far is above
     */
    public SlotAllocator(long lastLease) {
        this.lastLease = lastLease;
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
     * @param weight its share in relation to others, more than 0
     */
    public List<SlotDecision> jobSubmitted(JobId id, double weight) {
        if (!(weight > 0)) {
            throw new IllegalArgumentException("job " + id + " with weight " + weight + "; expected more than 0");
        }
        jobs.computeIfAbsent(id, absent -> new Job(id, weight, ++lastOrder));
        return List.of();
    }

    /** A job wants so many slots in all. */
    public List<SlotDecision> demandChanged(JobId id, int slots) {
        Job job = jobs.get(id);
        if (job != null) {
            change(job, job.granted, slots);
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

    /** A job has ended: all it holds is free. */
    public List<SlotDecision> jobEnded(JobId id) {
        Job job = jobs.remove(id);
        if (job != null) {
            hungry.remove(job);
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
        Job job = jobs.get(id);
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
        Job job = holders.remove(lease);
        if (job != null) {
            job.leases.remove(lease);
            change(job, job.granted - 1, job.demand);
        }
    }

    private void change(Job job, int granted, int demand) {
        hungry.remove(job);
        job.granted = granted;
        job.demand = demand;
        if (jobs.get(job.id) == job && job.wantsMore()) {
            hungry.add(job);
        }
    }

    private List<SlotDecision> share() {
        List<SlotDecision> decisions = new ArrayList<>();
        while (!hungry.isEmpty() && !withFree.isEmpty()) {
            Job job = hungry.first();
            Node node = withFree.first();
            withFree.remove(node);
            node.free--;
            SlotLease lease = new SlotLease(++lastLease, node.id);
            node.leased.add(lease.id());
            offer(node);
            holders.put(lease.id(), job);
            job.leases.put(lease.id(), lease);
            change(job, job.granted + 1, job.demand);
            decisions.add(new SlotDecision.Grant(job.id, lease));
        }
        limit(decisions);
        return decisions;
    }

    /** Limits jobs to their shares while another job has less than its own; lifts the limits when none has. */
    private void limit(List<SlotDecision> decisions) {
        boolean needed = false;
        if (!hungry.isEmpty() && jobs.size() > 1) {
            fairShares();
            for (Job job : hungry) {
                needed |= job.granted < Math.min(job.demand, job.share);
            }
        }
        for (Job job : jobs.values()) {
            int cap = needed ? job.share : Integer.MAX_VALUE;
            if (cap != job.cap) {
                job.cap = cap;
                decisions.add(new SlotDecision.Cap(job.id, cap));
            }
        }
    }

    /**
     * Fills all jobs to one level per weight (progressive filling: Bertsekas and Gallager, "Data Networks", section
     * 6.5.2), those that want less only as far as they want, none below one slot, and rounds down.
     */
    private void fairShares() {
        List<Job> rest = new ArrayList<>();
        for (Job job : jobs.values()) {
            job.share = 1;
            if (job.demand > 0) {
                rest.add(job);
            }
        }
        double slots = capacity;
        boolean settled = false;
        while (!settled && !rest.isEmpty()) {
            double level = Math.max(0, slots)
                    / rest.stream().mapToDouble(job -> job.weight).sum();
            List<Job> above = new ArrayList<>();
            for (Job job : rest) {
                double fair = level * job.weight;
                if (fair < 1 || job.demand <= fair) {
                    job.share = fair < 1 ? 1 : job.demand;
                    slots -= job.share;
                } else {
                    job.share = (int) Math.floor(fair + 1e-9);
                    above.add(job);
                }
            }
            settled = above.size() == rest.size();
            rest = above;
        }
    }

    private static final class Node {
        private final NodeId id;
        private final Set<Long> leased = new HashSet<>();
        private int free;

        /** Slots that are lost although a lease on them is out; each takes the place of the next one released. */
        private int owed;

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

    private static final class Job {
        private final JobId id;
        private final double weight;
        private final long order;
        private final Map<Long, SlotLease> leases = new LinkedHashMap<>();
        private int granted;
        private int demand;
        private int share = Integer.MAX_VALUE;
        private int cap = Integer.MAX_VALUE;

        private Job(JobId id, double weight, long order) {
            this.id = id;
            this.weight = weight;
            this.order = order;
        }

        /**
         * Its slots per weight if it were given one more: the order of D'Hondt, which gives every job at least its fair
         * share rounded down. A job without a slot comes first, so that none starves.
         */
        private double load() {
            return granted == 0 ? 0 : (granted + 1) / weight;
        }

        private long order() {
            return order;
        }

        private boolean wantsMore() {
            return granted < demand;
        }
    }
}
