package dev.sampo.seed.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.pekko.stream.SystemMaterializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is documented is what is served, and the other way round. */
class OpenApiTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory = Path.of("");

    private SeedFixture seed;
    private JsonNode document;

    @BeforeEach
    void startSeed() throws Exception {
        seed = SeedFixture.start(directory, "");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(seed.get("/ready").statusCode()).isEqualTo(200));
        document = JSON.readTree(seed.get("/openapi.json").body());
    }

    @AfterEach
    void stop() {
        seed.close();
    }

    @Test
    void everyEndpointIsDocumentedWithItsRoleAndNothingElseIs() {
        Map<String, String> served = new TreeMap<>();
        try (ClusterMetrics metrics = new ClusterMetrics(
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
                seed.services().cluster())) {
            ApiServer.endpoints(
                            seed.services(),
                            metrics,
                            SystemMaterializer.get(seed.services().system()).materializer(),
                            Runnable::run)
                    .forEach(endpoint ->
                            served.put(endpoint.toString(), endpoint.access().toString()));
        }
        assertThat(documented()).isEqualTo(served);
    }

    @Test
    void everyDocumentedOperationAnswersAsDocumented() throws Exception {
        HttpResponse<String> taken =
                seed.submit(new String[] {"job", "application/json", SeedFixture.job("job-1", "words", "")});
        check("post", "/v1/jobs", taken);
        for (String operation : documented().keySet()) {
            String method = operation.substring(0, operation.indexOf(' '));
            String template = operation.substring(method.length() + 1);
            if (template.endsWith("events")) {
                continue; // endless; SubmitOverHttpTest reads them
            }
            for (String id : List.of("job-1", "job-2", "%20")) {
                String path = template.replace("{id}", id)
                        .replace("{name}", "part-00000")
                        .replace("{address}", "127.0.0.1:1")
                        .replace("{digest}", id.equals("%20") ? id : "0f".repeat(32));
                check(method.toLowerCase(Locale.ROOT), template, seed.send(method, path, ""));
            }
        }
    }

    private Map<String, String> documented() {
        Map<String, String> documented = new TreeMap<>();
        document.get("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(operation -> documented.put(
                                operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(),
                                operation.getValue().get("x-access").asText())));
        return documented;
    }

    private void check(String method, String template, HttpResponse<String> response) throws Exception {
        String what = method + " " + template + " -> " + response.statusCode() + " " + response.body();
        JsonNode answer = document.get("paths")
                .get(template)
                .get(method)
                .get("responses")
                .get(Integer.toString(response.statusCode()));
        assertThat(answer).as(what).isNotNull();
        if (response.body().isEmpty() || answer.get("content") == null) {
            assertThat(response.body()).as(what).isEmpty();
            return;
        }
        Map.Entry<String, JsonNode> content =
                answer.get("content").properties().iterator().next();
        String type = response.headers().firstValue("Content-Type").orElse("");
        assertThat(type).as(what).startsWith(content.getKey());
        if (type.contains("json")) {
            List<String> wrong = new ArrayList<>();
            validate(JSON.readTree(response.body()), content.getValue().get("schema"), "$", wrong);
            assertThat(wrong).as(what).isEmpty();
        }
    }

    /** The part of JSON schema that the document uses. */
    private void validate(JsonNode value, JsonNode schema, String where, List<String> wrong) {
        if (schema.has("$ref")) {
            validate(value, document.at(schema.get("$ref").asText().substring(1)), where, wrong);
            return;
        }
        String type = schema.path("type").asText();
        boolean fits = switch (type) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isTextual();
            case "integer" -> value.isIntegralNumber();
            case "number" -> value.isNumber();
            case "boolean" -> value.isBoolean();
            default -> false;
        };
        if (!fits) {
            wrong.add(where + " is " + value + "; expected " + type);
            return;
        }
        if (schema.has("enum")) {
            List<String> allowed = new ArrayList<>();
            schema.get("enum").forEach(each -> allowed.add(each.asText()));
            if (!allowed.contains(value.asText())) {
                wrong.add(where + " is " + value + "; expected one of " + allowed);
            }
        }
        schema.path("required").forEach(name -> {
            if (!value.has(name.asText())) {
                wrong.add(where + " has no " + name);
            }
        });
        JsonNode more = schema.path("additionalProperties");
        for (Map.Entry<String, JsonNode> field : value.properties()) {
            JsonNode known = schema.path("properties").path(field.getKey());
            if (!known.isMissingNode()) {
                validate(field.getValue(), known, where + "." + field.getKey(), wrong);
            } else if (more.isBoolean() && !more.asBoolean()) {
                wrong.add(where + " has " + field.getKey() + ", which is not documented");
            } else if (more.isObject()) {
                validate(field.getValue(), more, where + "." + field.getKey(), wrong);
            }
        }
        if (value.isArray()) {
            for (int i = 0; i < value.size(); i++) {
                validate(value.get(i), schema.get("items"), where + "[" + i + "]", wrong);
            }
        }
    }
}
