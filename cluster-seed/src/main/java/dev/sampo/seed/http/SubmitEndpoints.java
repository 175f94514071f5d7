package dev.sampo.seed.http;

import dev.sampo.internal.blob.BlobStore;
import dev.sampo.internal.client.ClusterApi;
import dev.sampo.internal.config.HttpSettings;
import dev.sampo.internal.model.JobId;
import dev.sampo.spi.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaType;
import org.apache.pekko.http.javadsl.model.RequestEntity;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.unmarshalling.Unmarshaller;
import org.apache.pekko.http.scaladsl.model.EntityStreamSizeException;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes jobs in, and says which of their blobs need not be sent. */
final class SubmitEndpoints {
    private static final Logger LOG = LoggerFactory.getLogger(SubmitEndpoints.class);
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    private final ClusterApi cluster;
    private final BlobStore store;
    private final HttpSettings settings;
    private final Materializer materializer;
    private final Executor threads;

    SubmitEndpoints(
            ClusterApi cluster, BlobStore store, HttpSettings settings, Materializer materializer, Executor threads) {
        this.cluster = cluster;
        this.store = store;
        this.settings = settings;
        this.materializer = materializer;
        this.threads = threads;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.of(HttpMethods.POST, "/v1/jobs", Access.SUBMIT, this::submit),
                Endpoint.of(HttpMethods.HEAD, "/v1/blobs/{digest}", Access.VIEW, this::find));
    }

    private CompletionStage<HttpResponse> find(ApiRequest request) {
        String digest = request.value("digest");
        if (!DIGEST.matcher(digest).matches()) {
            throw ApiProblem.invalid("digest '" + digest + "'; expected 64 hexadecimal digits in lower case", digest);
        }
        if (store.find(digest).isEmpty()) {
            throw new ApiProblem(
                    StatusCodes.NOT_FOUND, ErrorCode.NOT_FOUND, "this seed does not have the blob", digest);
        }
        return java.util.concurrent.CompletableFuture.completedFuture(HttpResponse.create());
    }

    private CompletionStage<HttpResponse> submit(ApiRequest request) {
        RequestEntity entity = request.http().entity();
        checkHead(entity);
        JobUpload upload =
                new JobUpload(store, settings, new JobId("upload-" + UUID.randomUUID()), materializer, threads);
        return Unmarshaller.entityToMultipartFormData()
                .unmarshal(entity.withSizeLimit(settings.limits().uploadBytes()), materializer)
                .thenCompose(form -> form.getParts().mapAsync(1, upload::take).runWith(Sink.ignore(), materializer))
                .exceptionally(failure -> {
                    throw unreadable(failure);
                })
                .thenCompose(taken -> accept(request, upload.complete()))
                .whenComplete((response, failure) -> upload.close());
    }

    private void checkHead(RequestEntity entity) {
        MediaType type = entity.getContentType().mediaType();
        if (!type.mainType().equals("multipart") || !type.subType().equals("form-data")) {
            throw new ApiProblem(
                    StatusCodes.UNSUPPORTED_MEDIA_TYPE,
                    ErrorCode.REQUEST_INVALID,
                    "the body is " + type + "; expected multipart/form-data",
                    type.toString());
        }
        OptionalLong length = entity.getContentLengthOption();
        long most = settings.limits().uploadBytes();
        if (length.isPresent() && length.getAsLong() > most) {
            throw ApiProblem.tooLarge("the body has " + length.getAsLong() + " bytes; expected at most " + most
                    + " (sampo.http.max-upload)");
        }
    }

    /** What is no problem of its own, and no failure of ours, is a body that cannot be read to its end. */
    private static ApiProblem unreadable(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof java.util.concurrent.CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof ApiProblem
                || cause instanceof dev.sampo.spi.SampoException
                || cause instanceof EntityStreamSizeException) {
            return ApiProblem.of(cause);
        }
        LOG.info("an upload could not be read to its end: {}", cause.toString());
        return ApiProblem.invalid("the multipart body cannot be read to its end: " + cause.getMessage(), null);
    }

    private CompletionStage<HttpResponse> accept(ApiRequest request, JobUpload.Body body) {
        JobId job = id(body);
        return cluster.submit(job, body.outline(), body.definition()).handle((fresh, failure) -> {
            if (failure != null) {
                ApiProblem problem = ApiProblem.of(failure);
                AuditLog.write(request, "submit", job.value(), problem.code().name());
                throw problem;
            }
            AuditLog.write(request, "submit", job.value(), fresh ? "accepted" : "known");
            return Json.response(fresh ? StatusCodes.CREATED : StatusCodes.OK, Map.of("id", job.value()))
                    .addHeader(RawHeader.create("Location", "/v1/jobs/" + job.value()));
        });
    }

    private static JobId id(JobUpload.Body body) {
        String id = body.id();
        if (id == null) {
            return new JobId("job-" + UUID.randomUUID());
        }
        try {
            return new JobId(id);
        } catch (IllegalArgumentException e) {
            throw ApiProblem.invalid(String.valueOf(e.getMessage()), id);
        }
    }
}
