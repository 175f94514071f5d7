package dev.sampo.seed.http;

import dev.sampo.internal.model.JobId;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/**
 * A request that an endpoint works on.
 *
 * @param http the request
 * @param values what stands at the places of the path
 * @param client who makes it
 * @param from the address it came from
 */
record ApiRequest(HttpRequest http, Map<String, String> values, Authenticator.Client client, String from) {
    /** Returns the job that the path names. */
    JobId job() {
        String id = value("id");
        try {
            return new JobId(id);
        } catch (IllegalArgumentException e) {
            throw ApiProblem.invalid(String.valueOf(e.getMessage()), id);
        }
    }

    String value(String name) {
        return values.getOrDefault(name, "");
    }

    Optional<String> query(String name) {
        return http.getUri().query().get(name);
    }

    /** Returns a whole number of the query, from 0 to {@code most}. */
    long number(String name, long otherwise, long most) {
        Optional<String> text = query(name);
        if (text.isEmpty()) {
            return otherwise;
        }
        try {
            long number = Long.parseLong(text.get());
            if (number >= 0 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw ApiProblem.invalid(
                "query parameter " + name + " is '" + text.get() + "'; expected a whole number from 0 to " + most,
                text.get());
    }

    Optional<String> header(String name) {
        return http.getHeader(name).map(header -> header.value());
    }
}
