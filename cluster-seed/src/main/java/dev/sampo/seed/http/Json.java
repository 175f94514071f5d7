package dev.sampo.seed.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpCharsets;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.StatusCode;

/** Writes and reads the JSON of the API. What is read is taken strictly: a misspelt field is an error, not a default. */
final class Json {
    private static final ContentType.NonBinary PROBLEM = MediaTypes.applicationWithFixedCharset(
                    "problem+json", HttpCharsets.UTF_8)
            .toContentType();

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private Json() {}

    static HttpResponse response(StatusCode status, Object body) {
        return HttpResponse.create()
                .withStatus(status)
                .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, text(body)));
    }

    static HttpResponse response(ApiProblem problem, String path) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", "urn:sampo:error:" + problem.code().name());
        body.put("title", title(problem.code().name()));
        body.put("status", problem.status().intValue());
        body.put("detail", problem.detail());
        body.put("instance", path);
        body.put("code", problem.code().name());
        if (problem.value() != null) {
            body.put("value", problem.value());
        }
        return HttpResponse.create()
                .withStatus(problem.status())
                .addHeaders(problem.headers())
                .withEntity(HttpEntities.create(PROBLEM, text(body)));
    }

    private static String title(String code) {
        String words = code.replace('_', ' ').toLowerCase(Locale.ROOT);
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }

    static String text(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a " + value.getClass() + " cannot be written as JSON", e);
        }
    }

    /**
     * Reads a JSON object.
     *
     * @param what what people call it
     * @throws ApiProblem when it is no such object
     */
    static <T> T read(byte[] bytes, Class<T> type, String what) {
        T value;
        try {
            value = MAPPER.readValue(bytes, type);
        } catch (JsonProcessingException e) {
            String where = e.getLocation() == null
                    ? ""
                    : " (line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr() + ")";
            throw ApiProblem.invalid(what + " is not as it should be" + where + ": " + e.getOriginalMessage(), null);
        } catch (IOException e) {
            throw ApiProblem.invalid(what + " cannot be read: " + e.getMessage(), null);
        }
        if (value == null) {
            throw ApiProblem.invalid(what + " is null; expected an object", null);
        }
        return value;
    }
}
