package dev.sampo.internal.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** What a seed says is wrong, in the form of RFC 9457: a JSON object whose {@code code} is the name of an error. */
final class SeedProblem {
    private static final int MOST_QUOTED = 200;
    private static final ObjectMapper JSON = new ObjectMapper();

    private SeedProblem() {}

    /**
     * Makes an error of an answer that is none of success. An answer that is no problem of ours, say of a proxy between,
     * is quoted.
     */
    static SampoException of(String what, int status, byte[] body) {
        JsonNode problem = json(body);
        String detail = problem.path("detail").asText(problem.path("title").asText(""));
        if (detail.isBlank()) {
            String text = new String(body, StandardCharsets.UTF_8).strip().replaceAll("\\s+", " ");
            detail = text.isEmpty() ? "no reason" : text.substring(0, Math.min(text.length(), MOST_QUOTED));
            detail = "the seed answered " + status + ": " + detail + "; expected " + expected(status);
        }
        return new SampoException(code(problem.path("code").asText("")).orElse(codeOf(status)), what + ": " + detail);
    }

    private static JsonNode json(byte[] body) {
        try {
            JsonNode tree = JSON.readTree(new String(body, StandardCharsets.UTF_8));
            return tree == null ? JSON.createObjectNode() : tree;
        } catch (JsonProcessingException e) {
            return JSON.createObjectNode(); // quoted as it is
        }
    }

    /** Returns the error of this name; empty for one of a later build. */
    static Optional<ErrorCode> code(String name) {
        return Arrays.stream(ErrorCode.values())
                .filter(code -> code.name().equals(name))
                .findFirst();
    }

    private static ErrorCode codeOf(int status) {
        return switch (status) {
            case 400 -> ErrorCode.REQUEST_INVALID;
            case 401 -> ErrorCode.UNAUTHENTICATED;
            case 403 -> ErrorCode.FORBIDDEN;
            case 404, 410 -> ErrorCode.NOT_FOUND;
            case 409 -> ErrorCode.JOB_UNKNOWN;
            case 413 -> ErrorCode.REQUEST_TOO_LARGE;
            case 422 -> ErrorCode.JOB_INVALID;
            case 429 -> ErrorCode.TOO_MANY_REQUESTS;
            default -> status >= 500 && status != 500 ? ErrorCode.NO_ANSWER : ErrorCode.INTERNAL;
        };
    }

    private static String expected(int status) {
        return switch (status) {
            case 401 -> "a token that the seed knows";
            case 403 -> "a token with a role that may do this";
            default -> "the HTTP API of a Sampo seed";
        };
    }
}
