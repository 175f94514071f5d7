package dev.sampo.internal.execute;

import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.NodeId;
import dev.sampo.internal.output.OutputCommitter;
import dev.sampo.internal.protocol.NodeProtocol.AdoptOutput;
import dev.sampo.internal.protocol.NodeProtocol.ProbeOutput;
import dev.sampo.internal.protocol.TaskProtocol;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** What an agent has done that blocks: on threads for that, which use nothing of the actor. Safe for many threads. */
final class NodeChores {
    private final NodeId node;
    private final NodeServices services;
    private final Executor blocking;

    NodeChores(NodeId node, NodeServices services, Executor blocking) {
        this.node = node;
        this.services = services;
        this.blocking = blocking;
    }

    /** Copies an output that another node holds. */
    CompletionStage<Void> adopt(AdoptOutput order) {
        return CompletableFuture.runAsync(
                () -> {
                    try (InputStream in = services.fetcher().output(order.from(), order.producer())) {
                        services.segments().adopt(order.producer(), in);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                blocking);
    }

    /** Looks whether the node sees an output directory, and answers. */
    void probe(ProbeOutput probe) {
        blocking.execute(() -> probe.replyTo()
                .tell(new TaskProtocol.OutputProbed(
                        probe.epoch(), probe.planner().task().job(), node, problemWith(probe))));
    }

    private String problemWith(ProbeOutput probe) {
        try {
            return new OutputCommitter(
                            URI.create(probe.directory()), services.settings().output(), services.faults())
                    .problemHere(probe.planner(), node.value())
                    .orElse("");
        } catch (RuntimeException e) {
            return String.valueOf(e.getMessage()); // no such file system here
        }
    }

    /** Deletes an output that nobody needs any more. */
    void discard(AttemptId attempt) {
        blocking.execute(() -> services.segments().remove(attempt));
    }

    /** Deletes the outputs of jobs that the coordinator does not know. */
    void discard(List<JobId> jobs) {
        if (!jobs.isEmpty()) {
            blocking.execute(() -> jobs.forEach(services.segments()::removeJob));
        }
    }

    /** Lets the next coordinator claim the outputs of its jobs, here or elsewhere. */
    void handBackClaims() {
        blocking.execute(services.claims()::handBack);
    }

    /** Deletes all of a job. */
    CompletionStage<Void> cleanUp(JobId job) {
        return CompletableFuture.runAsync(
                () -> {
                    services.segments().removeJob(job);
                    services.claims().abort(job);
                    if (services.loaders().forget(job)) {
                        services.threads().renew();
                    }
                    services.blobs().store().release(job);
                },
                blocking);
    }
}
