package dev.sampo.seed.http;

import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpMethod;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/**
 * One thing the API does.
 *
 * @param method the method of the request
 * @param path its path
 * @param access what a client must be allowed
 * @param handler does it
 */
record Endpoint(HttpMethod method, PathTemplate path, Access access, Handler handler) {
    /** Answers requests. Does not block; a failed stage, or an exception, becomes an error response. */
    @FunctionalInterface
    interface Handler {
        CompletionStage<HttpResponse> handle(ApiRequest request);
    }

    static Endpoint of(HttpMethod method, String path, Access access, Handler handler) {
        return new Endpoint(method, PathTemplate.of(path), access, handler);
    }

    @Override
    public String toString() {
        return method.name() + " " + path;
    }
}
