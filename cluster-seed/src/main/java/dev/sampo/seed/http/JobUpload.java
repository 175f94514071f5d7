package dev.sampo.seed.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.sampo.internal.blob.BlobStore;
import dev.sampo.internal.config.HttpSettings;
import dev.sampo.internal.model.BlobRef;
import dev.sampo.internal.model.JobDefinition;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.JobOutline;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.http.javadsl.model.BodyPartEntity;
import org.apache.pekko.http.javadsl.model.Multipart;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.StreamLimitReachedException;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.StreamConverters;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * One submit on its way in: first the job, then its blobs, each streamed to the disk and checked there. Its parts come one
 * after the other. Whatever it brought is held in a name of its own until it is closed; so nothing of an upload that ends
 * early is left, and nothing of a job that runs is touched.
 */
final class JobUpload {
    private static final String JOB_PART = "job";

    private final BlobStore store;
    private final HttpSettings.Limits limits;
    private final Duration idle;
    private final JobId hold;
    private final Materializer materializer;
    private final Executor threads;
    private final Map<String, BlobRef> announced = new HashMap<>();
    private @Nullable Body body;

    /**
     * Creates an upload.
     *
     * @param hold a name that no job has
     * @param threads may block
     */
    JobUpload(BlobStore store, HttpSettings settings, JobId hold, Materializer materializer, Executor threads) {
        this.store = store;
        this.limits = settings.limits();
        this.idle = settings.times().idle();
        this.hold = hold;
        this.materializer = materializer;
        this.threads = threads;
    }

    /** The part "job". */
    record Body(
            @Nullable String id,
            @JsonProperty(required = true) JobOutline outline,
            @JsonProperty(required = true) JobDefinition definition) {}

    /** Takes in the next part. */
    CompletionStage<JobUpload> take(Multipart.FormData.BodyPart part) {
        String name = part.getName();
        if (body == null) {
            return takeJob(name, part.getEntity());
        }
        BlobRef blob = announced.remove(name);
        if (blob == null) {
            throw ApiProblem.invalid(
                    "part '" + name + "' is no blob that the job names, or comes twice; expected the digests "
                            + announced.keySet(),
                    name);
        }
        InputStream in = part.getEntity().getDataBytes().runWith(StreamConverters.asInputStream(idle), materializer);
        return CompletableFuture.supplyAsync(() -> put(blob, in), threads);
    }

    private CompletionStage<JobUpload> takeJob(String name, BodyPartEntity entity) {
        if (!name.equals(JOB_PART)) {
            throw ApiProblem.invalid("the first part is '" + name + "'; expected 'job'", name);
        }
        String type = entity.getContentType().mediaType().toString();
        if (!type.equals("application/json")) {
            throw new ApiProblem(
                    StatusCodes.UNSUPPORTED_MEDIA_TYPE,
                    ErrorCode.REQUEST_INVALID,
                    "part 'job' is " + type + "; expected application/json",
                    type);
        }
        return entity.getDataBytes()
                .limitWeighted(limits.jobBytes(), bytes -> (long) bytes.size())
                .runWith(Sink.fold(ByteString.emptyByteString(), ByteString::concat), materializer)
                .handle((bytes, failure) -> {
                    if (failure instanceof StreamLimitReachedException) {
                        throw ApiProblem.tooLarge("part 'job' is larger than " + limits.jobBytes()
                                + " bytes; expected less (sampo.http.max-job)");
                    } else if (failure != null) {
                        throw ApiProblem.of(failure);
                    }
                    read(Json.read(bytes.toArray(), Body.class, "part 'job'"));
                    return this;
                });
    }

    private void read(Body read) {
        List<BlobRef> blobs = read.definition().blobs();
        if (blobs.size() > limits.blobs()) {
            throw ApiProblem.tooLarge("the job has " + blobs.size() + " blobs; expected at most " + limits.blobs()
                    + " (sampo.http.max-blobs)");
        }
        if (read.outline().name() == null
                || read.outline().output() == null
                || read.outline().queue() == null) {
            throw ApiProblem.invalid("outline has no name, output or queue; expected all of them", null);
        }
        blobs.forEach(blob -> announced.put(blob.digest(), blob));
        body = read;
    }

    private JobUpload put(BlobRef blob, InputStream in) {
        try (in) {
            store.put(hold, blob, in);
            return this;
        } catch (SampoException e) {
            if (e.code() == ErrorCode.FETCH_FAILED) {
                throw new ApiProblem(
                        StatusCodes.UNPROCESSABLE_CONTENT,
                        ErrorCode.REQUEST_INVALID,
                        String.valueOf(e.getMessage()),
                        blob.digest());
            }
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the job when all of it is here. */
    Body complete() {
        Body complete = body;
        if (complete == null) {
            throw ApiProblem.invalid("the request has no part 'job'; expected it as the first", null);
        }
        List<String> missing = new ArrayList<>();
        store.retain(hold, complete.definition().blobs()).forEach(blob -> missing.add(blob.digest()));
        if (!missing.isEmpty()) {
            throw new ApiProblem(
                    StatusCodes.UNPROCESSABLE_CONTENT,
                    ErrorCode.REQUEST_INVALID,
                    "this seed does not have the blobs " + missing + "; expected a part for each of them",
                    missing.get(0));
        }
        return complete;
    }

    void close() {
        store.release(hold);
    }
}
