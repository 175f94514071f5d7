package dev.sampo.seed.http;

import dev.sampo.api.OutputPart;
import dev.sampo.internal.blob.BlobLinks;
import dev.sampo.internal.client.ClusterApi;
import dev.sampo.internal.model.DataAddress;
import dev.sampo.internal.model.JobDetails;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.transfer.TransferException;
import dev.sampo.spi.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.StreamConverters;

/**
 * Streams the parts of collected results from the seed that holds them, as fast as the client takes them. The end of the
 * client's connection ends the stream.
 */
final class ResultEndpoints {
    private static final int CHUNK_BYTES = 64 << 10;
    private static final int RETRY_SECONDS = 2;

    private final ClusterApi cluster;
    private final BlobLinks results;
    private final Executor blocking;

    /**
     * Creates the endpoints.
     *
     * @param results opens a part where it is held
     * @param blocking runs what blocks
     */
    ResultEndpoints(ClusterApi cluster, BlobLinks results, Executor blocking) {
        this.cluster = cluster;
        this.results = results;
        this.blocking = blocking;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.of(HttpMethods.GET, "/v1/jobs/{id}/result", Access.VIEW, this::all),
                Endpoint.of(HttpMethods.GET, "/v1/jobs/{id}/result/parts/{name}", Access.VIEW, this::one));
    }

    private CompletionStage<HttpResponse> all(ApiRequest request) {
        return result(request.job()).thenApplyAsync(result -> stream(result.held(), result.parts()), blocking);
    }

    private CompletionStage<HttpResponse> one(ApiRequest request) {
        String name = request.value("name");
        return result(request.job()).thenApplyAsync(result -> stream(result.held(), named(result, name)), blocking);
    }

    private static List<OutputPart> named(JobDetails.Result result, String name) {
        List<OutputPart> wanted =
                result.parts().stream().filter(part -> part.name().equals(name)).toList();
        if (wanted.isEmpty()) {
            throw new ApiProblem(
                    StatusCodes.NOT_FOUND,
                    ErrorCode.NOT_FOUND,
                    "the result has no part '" + name + "'; expected one of those that the job lists",
                    name);
        }
        return wanted;
    }

    private CompletionStage<JobDetails.Result> result(JobId job) {
        return cluster.job(job, Duration.ZERO).thenApply(known -> {
            JobDetails details = known.orElseThrow(() -> ApiProblem.unknownJob(job.value()));
            JobDetails.Result result = details.result();
            if (result == null) {
                throw conflict("job " + job + " is " + details.summary().state() + "; expected one that has SUCCEEDED");
            } else if (!details.summary().output().isEmpty()) {
                throw conflict("job " + job + " wrote to " + details.summary().output()
                        + "; expected one that collects its result");
            }
            return result;
        });
    }

    private static ApiProblem conflict(String detail) {
        return new ApiProblem(StatusCodes.CONFLICT, ErrorCode.REQUEST_INVALID, detail, null);
    }

    private HttpResponse stream(DataAddress holder, List<OutputPart> parts) {
        // opened and closed again: a part that is gone is said in the status, and no stream is left open whose
        // response nobody reads
        parts.forEach(part -> check(holder, part));
        long bytes = parts.stream().mapToLong(OutputPart::bytes).sum();
        return HttpResponse.create()
                .withEntity(HttpEntities.create(
                        ContentTypes.APPLICATION_OCTET_STREAM,
                        bytes,
                        Source.from(parts)
                                .flatMapConcat(part ->
                                        StreamConverters.fromInputStream(() -> open(holder, part), CHUNK_BYTES))));
    }

    private void check(DataAddress holder, OutputPart part) {
        try {
            open(holder, part).close();
        } catch (NoSuchFileException e) {
            throw gone(holder, part);
        } catch (TransferException e) {
            if (e.isAnswered()) {
                throw gone(holder, part);
            }
            throw unreachable(holder, part, e);
        } catch (IOException e) {
            throw unreachable(holder, part, e);
        }
    }

    private InputStream open(DataAddress holder, OutputPart part) throws IOException {
        return results.open(holder, part.digest().substring(part.digest().indexOf(':') + 1));
    }

    private static ApiProblem gone(DataAddress holder, OutputPart part) {
        return new ApiProblem(
                StatusCodes.NOT_FOUND,
                ErrorCode.NOT_FOUND,
                "part '" + part.name() + "' is not held any more by the seed at " + holder
                        + "; expected a result that ended not longer ago than its settings keep one",
                part.name());
    }

    private static ApiProblem unreachable(DataAddress holder, OutputPart part, IOException failure) {
        return ApiProblem.retryable(
                StatusCodes.SERVICE_UNAVAILABLE,
                ErrorCode.NO_ANSWER,
                "part '" + part.name() + "' cannot be read from the seed at " + holder + ", which holds it: "
                        + failure.getMessage(),
                RETRY_SECONDS);
    }
}
