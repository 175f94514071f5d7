package dev.sampo.internal.schedule;

import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.NodeId;
import dev.sampo.internal.model.SlotLease;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is: queues by their weights, in a queue the jobs of the highest priority, and those of equal priority
 * alike. Each slot goes to the queue that would have the fewest per weight with it (the method of D'Hondt, which gives
 * everybody at least the fair share rounded down), one without any slot first. Queues that have to take turns on slots
 * that are fewer than they do so in proportion to their weights (stride scheduling: Waldspurger and Weihl, 1995), jobs one
 * after the other.
 */
final class FairShare {
    private static final double ROUNDING = 1e-9;

    private final SortedMap<String, Queue> queues = new TreeMap<>();
    private final Map<JobId, Job> jobs = new LinkedHashMap<>();
    private long served;
    private long submitted;

    /**
     * Creates the share of some queues.
     *
     * @param weights each more than 0, by name
     */
    FairShare(Map<String, Double> weights) {
        weights.forEach((name, weight) -> {
            if (!(weight > 0) || Double.isInfinite(weight)) {
                throw new IllegalArgumentException(
                        "queue " + name + " with weight " + weight + "; expected a finite weight above 0");
            }
            queues.put(name, new Queue(name, weight));
        });
    }

    /** Adds a job, unless it is there; it is put into the queue of that name, which must exist. */
    void add(JobId id, String queue, int priority) {
        Queue of = queues.get(queue);
        if (of == null) {
            throw new IllegalArgumentException(
                    "job " + id + " in queue " + queue + "; expected one of " + queues.keySet());
        }
        jobs.computeIfAbsent(id, absent -> new Job(id, of, priority, ++submitted));
    }

    @Nullable
    Job job(JobId id) {
        return jobs.get(id);
    }

    Collection<Job> jobs() {
        return jobs.values();
    }

    /** Takes a job out; it is given nothing any more. */
    @Nullable
    Job remove(JobId id) {
        Job job = jobs.remove(id);
        if (job != null) {
            job.queue.hungry.remove(job);
        }
        return job;
    }

    /** Notes how many slots a job has and wants. */
    void change(Job job, int granted, int demand) {
        Queue queue = job.queue;
        if (queue.granted == 0 && queue.hungry.isEmpty()) {
            queue.pass = Math.max(queue.pass, leastPassOfOthers(queue));
        }
        queue.hungry.remove(job);
        enter(job, granted, demand);
    }

    private void enter(Job job, int granted, int demand) {
        Queue queue = job.queue;
        queue.granted += granted - job.granted;
        job.granted = granted;
        job.demand = demand;
        if (jobs.get(job.id) == job && granted < demand) {
            queue.hungry.add(job);
        }
    }

    /** A queue that was idle may not catch up on what it did not want. */
    private double leastPassOfOthers(Queue queue) {
        return queues.values().stream()
                .filter(other -> other != queue && (other.granted > 0 || !other.hungry.isEmpty()))
                .mapToDouble(other -> other.pass)
                .min()
                .orElse(0);
    }

    /**
     * Returns the job that gets the next slot; null when none wants one.
     *
     * @param without jobs that are passed over
     */
    @Nullable
    Job next(Set<Job> without) {
        Queue best = null;
        Job next = null;
        for (Queue queue : queues.values()) {
            Job first = queue.first(without);
            if (first != null && (best == null || queue.isBefore(best))) {
                best = queue;
                next = first;
            }
        }
        return next;
    }

    /** Notes that a job is given a slot: the next time others come before it. */
    void serve(Job job) {
        Queue queue = job.queue;
        queue.pass += 1 / queue.weight;
        queue.hungry.remove(job);
        queue.served = ++served;
        job.served = served;
        enter(job, job.granted + 1, job.demand);
    }

    /**
     * Works out how many slots each job may keep.
     *
     * @param without jobs that what is free is no use to: nobody has to give way for them
     * @return whether a job has less than its share, so that those with more must give way
     */
    boolean settle(int capacity, Set<Job> without) {
        boolean hungry = false;
        for (Queue queue : queues.values()) {
            hungry |= queue.first(without) != null;
        }
        if (!hungry || jobs.size() < 2) {
            return false;
        }
        shareOut(capacity);
        for (Queue queue : queues.values()) {
            for (Job job : queue.hungry) {
                if (without.contains(job)) {
                    continue;
                }
                boolean waits = job.granted == 0 && job.share > ROUNDING;
                if (waits || job.granted < job.mayKeep()) {
                    return true;
                }
            }
        }
        return false;
    }

    private void shareOut(int capacity) {
        Map<Queue, Double> demands = new LinkedHashMap<>();
        for (Job job : jobs.values()) {
            job.share = 0;
            demands.merge(job.queue, (double) job.demand, Double::sum);
        }
        Map<Queue, Double> ofQueues =
                fill(capacity, demands.keySet(), queue -> queue.weight, queue -> demands.getOrDefault(queue, 0.0));
        ofQueues.forEach((queue, slots) -> {
            SortedMap<Integer, List<Job>> levels = new TreeMap<>(Comparator.reverseOrder());
            for (Job job : jobs.values()) {
                if (job.queue == queue) {
                    levels.computeIfAbsent(job.priority, level -> new ArrayList<>())
                            .add(job);
                }
            }
            double left = slots;
            for (List<Job> level : levels.values()) {
                Map<Job, Double> ofJobs = fill(left, level, job -> 1, job -> job.demand);
                for (Map.Entry<Job, Double> each : ofJobs.entrySet()) {
                    each.getKey().share = each.getValue();
                    left -= each.getValue();
                }
            }
        });
    }

    /**
     * Fills all to one level per weight (progressive filling: Bertsekas and Gallager, "Data Networks", section 6.5.2),
     * those that want less only as far as they want.
     */
    private static <T> Map<T, Double> fill(
            double slots, Collection<T> all, ToDoubleFunction<T> weight, ToDoubleFunction<T> demand) {
        Map<T, Double> shares = new LinkedHashMap<>();
        List<T> rest = new ArrayList<>(all);
        double left = Math.max(0, slots);
        boolean settled = false;
        while (!settled && !rest.isEmpty()) {
            double level = left / rest.stream().mapToDouble(weight).sum();
            List<T> above = new ArrayList<>();
            for (T each : rest) {
                double fair = level * weight.applyAsDouble(each);
                double wanted = demand.applyAsDouble(each);
                shares.put(each, Math.min(fair, wanted));
                if (wanted > fair) {
                    above.add(each);
                } else {
                    left -= wanted;
                }
            }
            settled = above.size() == rest.size();
            rest = above;
        }
        return shares;
    }

    /** What is known of a job that shares. */
    static final class Job {
        final JobId id;
        final Map<Long, SlotLease> leases = new LinkedHashMap<>();

        /** Nodes of which it wants no slot. */
        final Set<NodeId> aside = new HashSet<>();

        int granted;
        int demand;

        /** What it was told last. */
        int cap = Integer.MAX_VALUE;

        private final Queue queue;
        private final int priority;
        private final long order;
        private long served;
        private double share;

        private Job(JobId id, Queue queue, int priority, long order) {
            this.id = id;
            this.queue = queue;
            this.priority = priority;
            this.order = order;
        }

        /** Returns its share rounded down: less than one slot is a turn on a slot that it does not keep. */
        int mayKeep() {
            return (int) Math.floor(share + ROUNDING);
        }
    }

    private static final class Queue {
        private final String name;
        private final double weight;
        private final TreeSet<Job> hungry =
                new TreeSet<>(Comparator.comparing((Job job) -> job.priority, Comparator.reverseOrder())
                        .thenComparingInt(job -> job.granted)
                        .thenComparingLong(job -> job.served)
                        .thenComparingLong(job -> job.order));
        private int granted;
        private double pass;
        private long served;

        private Queue(String name, double weight) {
            this.name = name;
            this.weight = weight;
        }

        private @Nullable Job first(Set<Job> without) {
            for (Job job : hungry) {
                if (!without.contains(job)) {
                    return job;
                }
            }
            return null;
        }

        private boolean isBefore(Queue other) {
            return Comparator.comparingDouble(Queue::load)
                            .thenComparingDouble((Queue queue) -> queue.pass)
                            .thenComparingLong(queue -> queue.served)
                            .thenComparing(queue -> queue.name)
                            .compare(this, other)
                    < 0;
        }

        private double load() {
            return granted == 0 ? 0 : (granted + 1) / weight;
        }
    }
}
