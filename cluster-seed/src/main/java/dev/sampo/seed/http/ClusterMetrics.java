package dev.sampo.seed.http;

import dev.sampo.api.JobState;
import dev.sampo.internal.client.ClusterApi;
import dev.sampo.internal.client.ClusterNode;
import dev.sampo.internal.model.JobSummary;
import dev.sampo.internal.model.NodeFacts;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.ToDoubleFunction;

/**
 * What a seed shows to Prometheus: its JVM, what it counted, and the state of the whole cluster, which is the same at
 * every seed and is asked for when somebody looks.
 */
final class ClusterMetrics implements AutoCloseable {
    private static final int MOST_JOBS = 100_000;

    private final PrometheusMeterRegistry registry;
    private final ClusterApi cluster;
    private final JvmGcMetrics garbage = new JvmGcMetrics();
    private volatile Snapshot last = Snapshot.UNKNOWN;

    /** The cluster at one time; all unknown while there is no coordinator. */
    private record Snapshot(boolean known, Map<JobState, Double> jobs, double slots, double used, double workers) {
        static final Snapshot UNKNOWN = new Snapshot(false, Map.of(), Double.NaN, Double.NaN, Double.NaN);

        static Snapshot of(List<JobSummary> jobs, List<ClusterNode> nodes) {
            Map<JobState, Double> states = new EnumMap<>(JobState.class);
            for (JobState state : JobState.values()) {
                states.put(state, 0.0);
            }
            jobs.forEach(job -> states.merge(job.state(), 1.0, Double::sum));
            double slots = 0;
            double used = 0;
            double workers = 0;
            for (ClusterNode node : nodes) {
                NodeFacts facts = node.facts();
                if (facts != null) {
                    slots += facts.slots();
                    used += node.running().size();
                    workers++;
                }
            }
            return new Snapshot(true, states, slots, used, workers);
        }
    }

    ClusterMetrics(PrometheusMeterRegistry registry, ClusterApi cluster) {
        this.registry = registry;
        this.cluster = cluster;
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ClassLoaderMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        garbage.bindTo(registry);
        for (JobState state : JobState.values()) {
            Gauge.builder("sampo.jobs", this, self -> self.last.jobs.getOrDefault(state, Double.NaN))
                    .description("jobs the coordinator knows, by state; of those that ended the last ones")
                    .tag("state", state.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
        gauge("sampo.slots.used", "attempts on worker nodes", snapshot -> snapshot.used);
        gauge(
                "sampo.slots.free",
                "slots of worker nodes without an attempt",
                snapshot -> snapshot.slots - snapshot.used);
        gauge("sampo.nodes.workers", "worker nodes", snapshot -> snapshot.workers);
        gauge(
                "sampo.coordinator.known",
                "1 when this seed can ask the coordinator",
                snapshot -> snapshot.known ? 1 : 0);
    }

    private void gauge(String name, String description, ToDoubleFunction<Snapshot> value) {
        Gauge.builder(name, this, self -> value.applyAsDouble(self.last))
                .description(description)
                .register(registry);
    }

    /** Counts an answer. */
    void answered(String endpoint, int status) {
        registry.counter("sampo.http.responses", "endpoint", endpoint, "status", Integer.toString(status))
                .increment();
    }

    CompletionStage<String> scrape() {
        return cluster.jobs(java.util.Set.of(), MOST_JOBS)
                .thenCombine(cluster.nodes(), Snapshot::of)
                .exceptionally(failure -> Snapshot.UNKNOWN)
                .thenApply(snapshot -> {
                    last = snapshot;
                    return registry.scrape();
                });
    }

    @Override
    public void close() {
        garbage.close();
    }
}
