package dev.sampo.seed.http;

import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.StatusCode;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.scaladsl.model.EntityStreamSizeException;
import org.jspecify.annotations.Nullable;

/** Why a request is refused: what an error response says. */
final class ApiProblem extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient StatusCode status;
    private final ErrorCode code;
    private final @Nullable String value;
    private final transient List<HttpHeader> headers;

    private ApiProblem(
            StatusCode status, ErrorCode code, String detail, @Nullable String value, List<HttpHeader> headers) {
        super(detail, null, false, false);
        this.status = status;
        this.code = code;
        this.value = value;
        this.headers = List.copyOf(headers);
    }

    /**
     * Creates a problem.
     *
     * @param status the status of the response
     * @param code which error it is
     * @param detail what is wrong and what was expected
     * @param value the offending value, or null
     */
    ApiProblem(StatusCode status, ErrorCode code, String detail, @Nullable String value) {
        this(status, code, detail, value, List.of());
    }

    static ApiProblem invalid(String detail, @Nullable String value) {
        return new ApiProblem(StatusCodes.BAD_REQUEST, ErrorCode.REQUEST_INVALID, detail, value);
    }

    static ApiProblem tooLarge(String detail) {
        return new ApiProblem(StatusCodes.CONTENT_TOO_LARGE, ErrorCode.REQUEST_TOO_LARGE, detail, null);
    }

    static ApiProblem unknownJob(String id) {
        return new ApiProblem(
                StatusCodes.NOT_FOUND,
                ErrorCode.JOB_UNKNOWN,
                "job '" + id + "' is not known; expected the id of a job that runs, or of one of the last that ended",
                id);
    }

    /** Returns a problem that another try after so many seconds may not have. */
    static ApiProblem retryable(StatusCode status, ErrorCode code, String detail, int seconds) {
        return new ApiProblem(
                status, code, detail, null, List.of(RawHeader.create("Retry-After", Integer.toString(seconds))));
    }

    ApiProblem with(String header, String text) {
        return new ApiProblem(status, code, detail(), value, List.of(RawHeader.create(header, text)));
    }

    /** Returns the problem that a failure is to the client. */
    static ApiProblem of(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof ApiProblem problem) {
            return problem;
        } else if (cause instanceof SampoException known) {
            return of(known);
        } else if (cause instanceof EntityStreamSizeException large) {
            return tooLarge("the body is larger than this server takes: " + large.getMessage());
        }
        return new ApiProblem(
                StatusCodes.INTERNAL_SERVER_ERROR,
                ErrorCode.INTERNAL,
                "the server failed on this request; its log says more",
                null);
    }

    private static ApiProblem of(SampoException known) {
        String detail = String.valueOf(known.getMessage());
        return switch (known.code()) {
            case NO_ANSWER, ENGINE_CLOSED -> retryable(StatusCodes.SERVICE_UNAVAILABLE, known.code(), detail, 2);
            case QUEUE_FULL, TOO_MANY_REQUESTS -> retryable(StatusCodes.TOO_MANY_REQUESTS, known.code(), detail, 5);
            case JOB_UNKNOWN -> new ApiProblem(StatusCodes.CONFLICT, known.code(), detail, null);
            default ->
                new ApiProblem(
                        switch (known.code().kind()) {
                            case USER -> StatusCodes.UNPROCESSABLE_CONTENT;
                            case RESOURCE -> StatusCodes.INSUFFICIENT_STORAGE;
                            case CLUSTER -> StatusCodes.SERVICE_UNAVAILABLE;
                            case BUG -> StatusCodes.INTERNAL_SERVER_ERROR;
                        },
                        known.code(),
                        detail,
                        null);
        };
    }

    StatusCode status() {
        return status;
    }

    ErrorCode code() {
        return code;
    }

    String detail() {
        return String.valueOf(getMessage());
    }

    @Nullable
    String value() {
        return value;
    }

    List<HttpHeader> headers() {
        return headers;
    }
}
