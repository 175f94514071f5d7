package dev.sampo.internal.blob;

import dev.sampo.internal.model.BlobRef;
import dev.sampo.internal.model.DataAddress;
import dev.sampo.internal.model.JobId;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts of results that go to no directory, at the seed that coordinates their jobs. An attempt offers its part before
 * it asks for the commit, and the seed copies it; so a part that is granted is here, whatever becomes of the node that made
 * it. What no job was granted goes with the end of its job, the rest when it was not asked for in time. The seed never
 * looks into a part. Safe for many threads.
 */
public final class ResultStore {
    /** The kind of notice by which a part is offered, and of the content by which it is read. */
    public static final String KIND = "result";

    /** The answer to an offer of a part that is here. */
    private static final byte[] HELD = "HELD".getBytes(StandardCharsets.UTF_8);

    /** The answer to an offer of a part that is being copied: the offer is to be repeated. */
    private static final byte[] COPYING = "COPYING".getBytes(StandardCharsets.UTF_8);

    private static final Logger LOG = LoggerFactory.getLogger(ResultStore.class);

    private final BlobStore store;
    private final BlobLinks links;
    private final Executor threads;
    private final Supplier<DataAddress> address;
    private final Duration keep;
    private final InstantSource clock;
    private final Map<JobId, Job> running = new HashMap<>();
    private final Map<JobId, Instant> kept = new LinkedHashMap<>();

    /** What is known of a job that runs: guarded by the store. */
    private static final class Job {
        final Set<BlobRef> held = new HashSet<>();
        final Set<String> copying = new HashSet<>();
        final Map<String, SampoException> failed = new HashMap<>();
    }

    /**
     * Makes a store.
     *
     * @param store for results alone
     * @param links reads parts by name from the nodes that made them
     * @param threads may block for a transfer
     * @param address where this node serves the parts
     * @param keep how long a result stays that nobody asks for
     */
    public ResultStore(
            BlobStore store,
            BlobLinks links,
            Executor threads,
            Supplier<DataAddress> address,
            Duration keep,
            InstantSource clock) {
        this.store = store;
        this.links = links;
        this.threads = threads;
        this.address = address;
        this.keep = keep;
        this.clock = clock;
    }

    /**
     * A part that an attempt has ready.
     *
     * @param job its job
     * @param part its digest and size
     * @param holder where it can be read
     * @param name under which name it can be read there
     */
    public record Offer(JobId job, BlobRef part, DataAddress holder, String name) {
        private static final int FIELDS = 6;

        /** Returns the offer as it travels. */
        public byte[] encode() {
            return String.join(
                            "\n",
                            job.value(),
                            part.digest(),
                            "" + part.bytes(),
                            holder.host(),
                            "" + holder.port(),
                            name)
                    .getBytes(StandardCharsets.UTF_8);
        }

        static Offer decode(byte[] payload) {
            String[] fields = new String(payload, StandardCharsets.UTF_8).split("\n", -1);
            try {
                if (fields.length != FIELDS) {
                    throw new IllegalArgumentException(fields.length + " fields");
                }
                BlobRef part =
                        new BlobRef(fields[1], Long.parseLong(fields[2]), BlobRef.BlobKind.RESULT, fields[FIELDS - 1]);
                return new Offer(
                        new JobId(fields[0]),
                        part,
                        new DataAddress(fields[3], Integer.parseInt(fields[4])),
                        fields[FIELDS - 1]);
            } catch (IllegalArgumentException e) {
                throw new SampoException(
                        ErrorCode.NO_ANSWER,
                        "an offer of a part cannot be read: " + e.getMessage() + "; expected job, digest, bytes, host,"
                                + " port and name, one a line",
                        e);
            }
        }
    }

    /** Returns whether an answer says that the part is here. */
    public static boolean isHeld(byte[] answer) {
        return Arrays.equals(answer, HELD);
    }

    /** Returns where the parts can be read. */
    public DataAddress address() {
        return address.get();
    }

    /** Lets attempts of a job offer parts. */
    public synchronized void expect(JobId job) {
        running.putIfAbsent(job, new Job());
        dropOld();
    }

    /**
     * Answers an offer: the part is here, or is being copied.
     *
     * @throws SampoException when the job does not run here, or the part could not be copied
     */
    public byte[] answer(byte[] payload) {
        Offer offer = Offer.decode(payload);
        synchronized (this) {
            Job job = running.get(offer.job());
            if (job == null) {
                throw new SampoException(
                        ErrorCode.JOB_UNKNOWN,
                        "job " + offer.job()
                                + " does not run under this coordinator; expected one whose results it holds");
            }
            if (job.held.contains(offer.part())) {
                return HELD.clone();
            }
            SampoException failure = job.failed.remove(offer.name());
            if (failure != null) {
                throw new SampoException(failure.code(), String.valueOf(failure.getMessage()), failure);
            }
            if (!job.copying.add(offer.name())) {
                return COPYING.clone();
            }
        }
        threads.execute(() -> copy(offer));
        return COPYING.clone();
    }

    private void copy(Offer offer) {
        SampoException failure = null;
        try (InputStream in = links.open(offer.holder(), offer.name())) {
            store.put(offer.job(), offer.part(), in);
        } catch (SampoException e) {
            failure = e;
        } catch (IOException | RuntimeException e) {
            failure = new SampoException(
                    ErrorCode.FETCH_FAILED,
                    "part " + offer.name() + " cannot be read from " + offer.holder() + ": " + e.getMessage(),
                    e);
        }
        synchronized (this) {
            Job job = running.get(offer.job());
            if (job == null) {
                store.release(offer.job()); // it ended meanwhile
                return;
            }
            job.copying.remove(offer.name());
            if (failure == null) {
                job.held.add(offer.part());
            } else {
                LOG.warn("{}: {}", offer.job(), failure.getMessage());
                job.failed.put(offer.name(), failure);
            }
        }
    }

    /** Keeps these parts of a job that has succeeded, and no others, for as long as results are kept. */
    public synchronized void keep(JobId job, Collection<String> digests) {
        Job ended = running.remove(job);
        if (ended != null) {
            List<BlobRef> granted = ended.held.stream()
                    .filter(part -> digests.contains(part.digest()))
                    .toList();
            store.retain(keeper(job), granted);
            store.release(job);
            kept.put(job, clock.instant());
        }
        dropOld();
    }

    /** Lets go of all parts of a job. */
    public synchronized void forget(JobId job) {
        running.remove(job);
        store.release(job);
        if (kept.remove(job) != null) {
            store.release(keeper(job));
        }
        dropOld();
    }

    /** Returns the file of a part, by its digest. */
    public Optional<Path> find(String digest) {
        return store.find(digest);
    }

    private void dropOld() {
        Instant limit = clock.instant().minus(keep);
        kept.entrySet().removeIf(entry -> {
            boolean old = entry.getValue().isBefore(limit);
            if (old) {
                store.release(keeper(entry.getKey()));
            }
            return old;
        });
    }

    /** What holds the parts of a job that has ended; no job has such an id, for ids of ours have another form. */
    private static JobId keeper(JobId job) {
        byte[] digest = BlobStore.sha256().digest(job.value().getBytes(StandardCharsets.UTF_8));
        return new JobId("result-of-" + HexFormat.of().formatHex(digest, 0, 16));
    }
}
