package dev.sampo.internal.runtime;

import dev.sampo.internal.blob.BlobStore;
import dev.sampo.internal.blob.BlobTransfer;
import dev.sampo.internal.blob.ResultStore;
import dev.sampo.internal.config.EngineSettings;
import dev.sampo.internal.execute.JobClassLoaders;
import dev.sampo.internal.execute.NodeServices;
import dev.sampo.internal.execute.OutputClaims;
import dev.sampo.internal.execute.ReignMemory;
import dev.sampo.internal.execute.RemoteSegments;
import dev.sampo.internal.execute.ResultDelivery;
import dev.sampo.internal.execute.UserThreads;
import dev.sampo.internal.fault.FaultPoints;
import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.SegmentHolder;
import dev.sampo.internal.observe.Meters;
import dev.sampo.internal.shuffle.OutputSource;
import dev.sampo.internal.shuffle.Segment;
import dev.sampo.internal.shuffle.SegmentFetcher;
import dev.sampo.internal.shuffle.SegmentSource;
import dev.sampo.internal.shuffle.SegmentStore;
import dev.sampo.internal.shuffle.ShuffleSettings;
import dev.sampo.io.Codecs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a worker node holds outside its actors: threads, memory, and a private directory. Closed after the actors. */
final class NodeResources implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeResources.class);

    /** The share of the memory budget in which finished outputs wait for the next stage. */
    private static final double SHARE_OF_HELD_OUTPUTS = 0.25;

    private static final long LEAST_ATTEMPT_BYTES = 1L << 20;
    private static final long THREADS_END_MILLIS = 2_000;

    private final PrivateDirectory directory;
    private final SegmentStore segments;
    private final UserThreads threads;
    private final BlobTransfer blobs;
    private final @Nullable SegmentFetcher fetcher;
    private final NodeServices services;

    /**
     * Opens what a node holds.
     *
     * @param data serves its segments and reads those of others, not started yet; null when there is no other node
     */
    NodeResources(EngineSettings settings, Meters meters, String version, @Nullable DataPlane data) {
        this.directory = PrivateDirectory.in(settings.node().temporaryRoot());
        long held = (long) (settings.node().memoryBytes() * SHARE_OF_HELD_OUTPUTS);
        long perAttempt = Math.max(
                LEAST_ATTEMPT_BYTES,
                (settings.node().memoryBytes() - (data == null ? held : 2 * held))
                        / settings.node().slots());
        ShuffleSettings shuffle = new ShuffleSettings(
                settings.shuffle().blockBytes(),
                settings.shuffle().mergeFanIn(),
                settings.shuffle().compress());
        this.segments = new SegmentStore(shuffle, held, directory.path().resolve("segments"));
        this.threads = new UserThreads("sampo", settings.node().slots());
        BlobStore store = SeedBlobs.store(settings, directory.path());
        this.blobs = data == null ? BlobTransfer.alone(store) : data.blobs(store);
        this.fetcher = data == null ? null : connect(data, held);
        this.services = new NodeServices(
                settings,
                shuffle,
                perAttempt,
                version,
                Codecs.registry(),
                segments,
                remote(data, fetcher),
                results(data),
                threads,
                blobs,
                new JobClassLoaders(),
                new OutputClaims(),
                directory.path().resolve("attempts"),
                meters,
                FaultPoints.NONE,
                InstantSource.system(),
                new ReignMemory());
    }

    private SegmentFetcher connect(DataPlane data, long memoryBytes) {
        data.serve(SegmentSource.KIND, new SegmentSource(segments::find));
        data.serve(OutputSource.KIND, new OutputSource(segments::find));
        return new SegmentFetcher(data.client(), memoryBytes, directory.path().resolve("fetched"));
    }

    private static ResultDelivery results(@Nullable DataPlane data) {
        if (data == null) {
            return (seed, attempt, part, file) -> {
                throw new IOException("this engine has no seed to hand results to");
            };
        }
        ResultPosts posts = new ResultPosts(data.client(), data::address);
        data.serve(ResultStore.KIND, posts);
        return posts;
    }

    private static RemoteSegments remote(@Nullable DataPlane data, @Nullable SegmentFetcher fetcher) {
        return new RemoteSegments() {
            @Override
            public List<Segment> fetch(List<SegmentFetcher.Wanted> wanted) throws IOException {
                if (fetcher == null) {
                    throw new IOException("this engine has no other node; asked for " + wanted);
                }
                return fetcher.fetch(wanted);
            }

            @Override
            public InputStream output(SegmentHolder holder, AttemptId producer) throws IOException {
                if (data == null) {
                    throw new IOException("this engine has no other node; asked for the output of " + producer);
                }
                return data.client().open(holder.data(), OutputSource.KIND, OutputSource.name(producer));
            }
        };
    }

    NodeServices services() {
        return services;
    }

    /** Returns a directory of this node that lives as long as the node. */
    Path directory(String name) {
        return directory.path().resolve(name);
    }

    @Override
    public void close() {
        threads.close();
        boolean ended = false;
        try {
            ended = threads.awaitEnd(THREADS_END_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!ended) {
            LOG.warn("a thread of user code ignores its interrupt and stays behind as a daemon");
        }
        if (fetcher != null) {
            fetcher.close();
        }
        blobs.close();
        blobs.store().close();
        segments.close();
        directory.close();
    }
}
