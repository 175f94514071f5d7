package dev.sampo.internal.runtime;

import dev.sampo.api.JobResult;
import dev.sampo.api.JobSpec;
import dev.sampo.api.OutputPart;
import dev.sampo.internal.client.CommittedResult;
import dev.sampo.internal.client.SubmitterOutput;
import dev.sampo.internal.config.EngineSettings;
import dev.sampo.internal.execute.CommitFacts;
import dev.sampo.internal.fault.FaultPoints;
import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.DataAddress;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.PartFile;
import dev.sampo.internal.model.TaskId;
import dev.sampo.internal.output.AttemptOutput;
import dev.sampo.internal.output.Manifest;
import dev.sampo.internal.output.ManifestFacts;
import dev.sampo.internal.output.OutputClaim;
import dev.sampo.internal.output.OutputCommitter;
import dev.sampo.internal.protocol.ClientProtocol.JobSucceeded;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.OutputSink;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Commits results where their jobs were submitted, by the same protocol as a node does in a directory that all share. */
final class OutputHere implements SubmitterOutput {
    private static final Logger LOG = LoggerFactory.getLogger(OutputHere.class);

    private final EngineSettings settings;
    private final InstantSource clock;

    OutputHere(EngineSettings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public Claimed claim(JobId job, JobSpec<?, ?> spec, OutputSink<?, ?> sink) {
        OutputCommitter committer = new OutputCommitter(sink.directory(), settings.output(), FaultPoints.NONE);
        return new Directory(
                new Owner(job, spec.name(), clock.instant(), sink.overwrite()),
                committer,
                committer.claim(job, sink.overwrite()),
                clock);
    }

    /**
     * Whose result it is.
     *
     * @param overwrite whether it may replace another
     */
    private record Owner(JobId job, String name, Instant submitted, boolean overwrite) {}

    private enum State {
        CLAIMED,
        COMMITTING,
        /** A commit runs whose result nobody wants any more. */
        UNWANTED,
        OVER
    }

    private static final class Directory implements Claimed {
        private static final Pattern PART = Pattern.compile("part-([0-9]{5,9})(.*)");
        private static final int BUFFER_BYTES = 64 << 10;

        private final Owner owner;
        private final OutputCommitter committer;
        private final OutputClaim claim;
        private final InstantSource clock;
        private State state = State.CLAIMED;

        Directory(Owner owner, OutputCommitter committer, OutputClaim claim, InstantSource clock) {
            this.owner = owner;
            this.committer = committer;
            this.claim = claim;
            this.clock = clock;
        }

        @Override
        public <K, V> JobResult<K, V> commit(JobSucceeded end, CommittedResult.PartSource source) {
            if (!move(State.CLAIMED, State.COMMITTING)) {
                throw givenUp();
            }
            boolean committed = false;
            try {
                List<PartFile> files = new ArrayList<>();
                for (OutputPart part : end.parts()) {
                    files.add(fetch(part, source));
                }
                ManifestFacts facts = CommitFacts.of(
                        owner.name(),
                        EngineVersion.current(),
                        owner.submitted().toString(),
                        clock.instant().toString(),
                        end.counters());
                Manifest manifest = committer.commit(owner.job(), owner.overwrite(), files, facts);
                committed = true;
                return CommittedResult.written(new JobSucceeded(
                        end.job(),
                        CommitFacts.visible(manifest),
                        DataAddress.NONE,
                        end.progress(),
                        end.counters(),
                        end.durationMillis()));
            } finally {
                leave(committed);
            }
        }

        private PartFile fetch(OutputPart part, CommittedResult.PartSource source) {
            Matcher name = PART.matcher(part.name());
            if (!name.matches()) {
                throw new SampoException(
                        ErrorCode.INTERNAL,
                        "job " + owner.job() + ": a part of its result is named '" + part.name() + "'; expected "
                                + PART.pattern());
            }
            int partition = Integer.parseInt(name.group(1));
            AttemptId writer = new AttemptId(new TaskId(owner.job(), 0, partition), 0);
            try (AttemptOutput out = committer.open(writer, partition, name.group(2))) {
                try (InputStream in = source.open(part)) {
                    copy(in, out.stream());
                } catch (IOException e) {
                    throw new SampoException(
                            ErrorCode.FETCH_FAILED,
                            "job " + owner.job() + ": part " + part.name() + " of its result cannot be fetched: "
                                    + e.getMessage() + "; the cluster keeps it for a while yet",
                            e);
                }
                PartFile file = out.finish(part.records());
                if (!file.digest().equals(part.digest()) || file.bytes() != part.bytes()) {
                    throw new SampoException(
                            ErrorCode.DATA_CORRUPT,
                            "job " + owner.job() + ": part " + part.name() + " arrived as " + file.bytes()
                                    + " bytes with " + file.digest() + "; expected " + part.bytes() + " bytes with "
                                    + part.digest());
                }
                return file;
            }
        }

        private void copy(InputStream in, OutputStream out) throws IOException {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                out.write(buffer, 0, count);
                if (isUnwanted()) {
                    throw givenUp();
                }
            }
        }

        private synchronized boolean isUnwanted() {
            return state == State.UNWANTED;
        }

        private SampoException givenUp() {
            return new SampoException(
                    ErrorCode.ENGINE_CLOSED,
                    "job " + owner.job() + ": its output was given up here; expected the engine open until the job's"
                            + " result is complete");
        }

        @Override
        public void giveUp() {
            if (move(State.COMMITTING, State.UNWANTED)) {
                return; // the commit cleans up
            }
            if (move(State.CLAIMED, State.COMMITTING)) {
                leave(false);
            }
        }

        private synchronized boolean move(State from, State to) {
            if (state != from) {
                return false;
            }
            state = to;
            return true;
        }

        private void leave(boolean committed) {
            try {
                if (!committed) {
                    committer.abort(owner.job());
                }
            } catch (SampoException e) {
                LOG.warn("job {}: what it left in its output directory cannot be deleted", owner.job(), e);
            } finally {
                synchronized (this) {
                    state = State.OVER;
                }
                claim.close();
            }
        }
    }
}
