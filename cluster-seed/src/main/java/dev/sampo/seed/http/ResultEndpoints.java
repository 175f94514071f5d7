package dev.sampo.seed.http;

import dev.sampo.api.OutputPart;
import dev.sampo.internal.blob.BlobStore;
import dev.sampo.internal.client.ClusterApi;
import dev.sampo.internal.model.JobDetails;
import dev.sampo.internal.model.JobId;
import dev.sampo.spi.ErrorCode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.stream.javadsl.FileIO;
import org.apache.pekko.stream.javadsl.Source;

/** Streams the parts of collected results, as fast as the client takes them. */
final class ResultEndpoints {
    private static final String DIGEST_KIND = "sha256:";

    private final ClusterApi cluster;
    private final BlobStore store;

    ResultEndpoints(ClusterApi cluster, BlobStore store) {
        this.cluster = cluster;
        this.store = store;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.of(HttpMethods.GET, "/v1/jobs/{id}/result", Access.VIEW, this::all),
                Endpoint.of(HttpMethods.GET, "/v1/jobs/{id}/result/parts/{name}", Access.VIEW, this::one));
    }

    private CompletionStage<HttpResponse> all(ApiRequest request) {
        return parts(request.job()).thenApply(this::stream);
    }

    private CompletionStage<HttpResponse> one(ApiRequest request) {
        String name = request.value("name");
        return parts(request.job()).thenApply(parts -> {
            List<OutputPart> wanted =
                    parts.stream().filter(part -> part.name().equals(name)).toList();
            if (wanted.isEmpty()) {
                throw new ApiProblem(
                        StatusCodes.NOT_FOUND,
                        ErrorCode.NOT_FOUND,
                        "the result has no part '" + name + "'; expected one of those that the job lists",
                        name);
            }
            return stream(wanted);
        });
    }

    private CompletionStage<List<OutputPart>> parts(JobId job) {
        return cluster.job(job, Duration.ZERO).thenApply(known -> {
            JobDetails details = known.orElseThrow(() -> ApiProblem.unknownJob(job.value()));
            JobDetails.Result result = details.result();
            if (result == null) {
                throw conflict("job " + job + " is " + details.summary().state() + "; expected one that has SUCCEEDED");
            } else if (!details.summary().output().isEmpty()) {
                throw conflict("job " + job + " wrote to " + details.summary().output()
                        + "; expected one that collects its result");
            }
            return result.parts();
        });
    }

    private static ApiProblem conflict(String detail) {
        return new ApiProblem(StatusCodes.CONFLICT, ErrorCode.REQUEST_INVALID, detail, null);
    }

    private HttpResponse stream(List<OutputPart> parts) {
        List<Path> files = parts.stream().map(this::file).toList();
        long bytes = parts.stream().mapToLong(OutputPart::bytes).sum();
        return HttpResponse.create()
                .withEntity(HttpEntities.create(
                        ContentTypes.APPLICATION_OCTET_STREAM,
                        bytes,
                        Source.from(files).flatMapConcat(FileIO::fromPath)));
    }

    private Path file(OutputPart part) {
        String digest =
                part.digest().startsWith(DIGEST_KIND) ? part.digest().substring(DIGEST_KIND.length()) : part.digest();
        return store.find(digest)
                .orElseThrow(() -> new ApiProblem(
                        StatusCodes.NOT_FOUND,
                        ErrorCode.NOT_FOUND,
                        "part '" + part.name()
                                + "' is not at this seed; expected the seed that the job was submitted to",
                        part.name()));
    }
}
