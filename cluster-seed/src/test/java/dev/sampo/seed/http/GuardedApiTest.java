package dev.sampo.seed.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import dev.sampo.internal.blob.BlobStore;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A seed that asks for tokens and takes little: who is let in, what is too much, and what is written down of it. */
class GuardedApiTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String VIEWER = "token-of-a-viewer";
    private static final String SUBMITTER = "token-of-a-submitter";
    private static final String ADMIN = "token-of-an-administrator";

    private final ListAppender<ILoggingEvent> audit = new ListAppender<>();
    private final Logger auditLog = (Logger) LoggerFactory.getLogger("dev.sampo.audit");
    private final Level level = auditLog.getLevel();

    @TempDir
    Path directory = Path.of("");

    private SeedFixture seed;

    @BeforeEach
    void start() throws Exception {
        Path tokens = Files.writeString(
                directory.resolve("tokens.conf"),
                token("eve", "view", VIEWER) + token("ci", "submit", SUBMITTER) + token("root", "admin", ADMIN));
        seed = SeedFixture.start(
                directory.resolve("temp"),
                "sampo.security.api.tokens-file = \"" + tokens + "\"\n"
                        + "sampo.http { max-upload = 1MiB, max-job = 64KiB, max-blobs = 2 }\n"
                        + "sampo.ship.max-blob-size = 1KiB\nsampo.queues.max-queued-jobs = 1\n");
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(seed.get("/ready").statusCode()).isEqualTo(200));
        audit.start();
        auditLog.setLevel(Level.INFO);
        auditLog.addAppender(audit);
    }

    @AfterEach
    void stop() {
        auditLog.detachAppender(audit);
        auditLog.setLevel(level);
        seed.close();
    }

    @Test
    void aRequestWithoutAKnownTokenIsRefused() throws Exception {
        HttpResponse<String> without = seed.get("/v1/jobs");
        assertProblem(without, 401, "UNAUTHENTICATED", "the request has no token; expected the header Authorization");
        assertThat(without.headers().firstValue("WWW-Authenticate")).contains("Bearer realm=\"sampo\"");
        HttpResponse<String> wrong = seed.send("GET", "/v1/jobs", "", "Authorization", "Bearer guessed");
        assertProblem(wrong, 401, "UNAUTHENTICATED", "nobody has the token of the request; expected");
        assertThat(wrong.body()).doesNotContain("guessed");
        HttpResponse<String> basic = seed.send("GET", "/v1/jobs", "", "Authorization", "Basic " + VIEWER);
        assertProblem(basic, 401, "UNAUTHENTICATED", "expected the header Authorization: Bearer TOKEN");
        assertThat(seed.get("/health").statusCode())
                .as("asked by those who watch the process")
                .isEqualTo(200);
        assertThat(audit.list).isEmpty();
    }

    @Test
    void aRoleThatIsTooLowIsRefused() throws Exception {
        assertThat(as(VIEWER, "GET", "/v1/jobs").statusCode()).isEqualTo(200);
        assertProblem(
                submit(VIEWER, "job-a", "words", ""),
                403,
                "FORBIDDEN",
                "the token of eve has role view; expected role submit");
        assertProblem(as(VIEWER, "POST", "/v1/jobs/job-a/cancel"), 403, "FORBIDDEN", "expected role submit");
        assertProblem(
                as(SUBMITTER, "POST", "/v1/nodes/127.0.0.1:1/drain"),
                403,
                "FORBIDDEN",
                "the token of ci has role submit; expected role admin");
        assertProblem(as(ADMIN, "POST", "/v1/nodes/127.0.0.1:1/drain"), 404, "NOT_FOUND", "127.0.0.1:1");
        assertThat(as(SUBMITTER, "GET", "/v1/jobs/job-a").statusCode()).isEqualTo(404);
    }

    @Test
    void everyChangeThatSomebodyAskedForIsWrittenDown() throws Exception {
        assertThat(submit(SUBMITTER, "job-b", "words", "").statusCode()).isEqualTo(201);
        assertThat(submit(SUBMITTER, "job-b", "words", "").statusCode()).isEqualTo(200);
        assertThat(submit(SUBMITTER, "job-b", "others", "").statusCode()).isEqualTo(409);
        assertThat(as(ADMIN, "POST", "/v1/jobs/job-b/cancel").statusCode()).isEqualTo(202);
        as(ADMIN, "POST", "/v1/nodes/127.0.0.1:1/drain");
        as(VIEWER, "GET", "/v1/jobs/job-b");
        assertThat(audit.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        "who=ci access=submit what=submit of=job-b from=127.0.0.1 outcome=accepted",
                        "who=ci access=submit what=submit of=job-b from=127.0.0.1 outcome=known",
                        "who=ci access=submit what=submit of=job-b from=127.0.0.1 outcome=JOB_UNKNOWN",
                        "who=root access=admin what=cancel of=job-b from=127.0.0.1 outcome=accepted",
                        "who=root access=admin what=drain of=127.0.0.1:1 from=127.0.0.1 outcome=unknown");
    }

    @Test
    void aJobMoreThanTheQueuesHoldIsRefusedUntilOneHasEnded() throws Exception {
        assertThat(submit(SUBMITTER, "job-c", "words", "").statusCode()).isEqualTo(201);
        HttpResponse<String> second = submit(SUBMITTER, "job-d", "words", "");
        assertProblem(
                second, 429, "QUEUE_FULL", "1 jobs wait or run; expected fewer than 1 (sampo.queues.max-queued-jobs)");
        assertThat(second.headers().firstValue("Retry-After")).isPresent();
        assertThat(as(SUBMITTER, "POST", "/v1/jobs/job-c/cancel").statusCode()).isEqualTo(202);
        await().atMost(LIMIT)
                .untilAsserted(
                        () -> assertThat(submit(SUBMITTER, "job-d", "words", "").statusCode())
                                .isEqualTo(201));
    }

    @Test
    void jarsThatAreTooManyOrTooLargeAreRefused() throws Exception {
        String three = blob("1", 10) + "," + blob("2", 10) + "," + blob("3", 10);
        assertProblem(
                submit(SUBMITTER, "job-e", "words", three),
                413,
                "REQUEST_TOO_LARGE",
                "the job has 3 blobs; expected at most 2 (sampo.http.max-blobs)");
        String content = "x".repeat(2_000);
        String digest = HexFormat.of().formatHex(BlobStore.sha256().digest(content.getBytes(StandardCharsets.UTF_8)));
        String announced = "{\"digest\":\"" + digest + "\",\"bytes\":2000,\"kind\":\"JAR\",\"name\":\"large.jar\"}";
        assertProblem(
                send(
                        SUBMITTER,
                        new String[] {"job", "application/json", SeedFixture.job("job-e", "words", announced)},
                        new String[] {digest, "application/octet-stream", content}),
                422,
                "JOB_INVALID",
                "is too large; expected at most 1024 bytes (sampo.ship.max-blob-size)");
        assertThat(as(SUBMITTER, "GET", "/v1/jobs/job-e").statusCode()).isEqualTo(404);
    }

    @Test
    void aDescriptionOrABodyThatIsTooLargeIsRefused() throws Exception {
        assertProblem(
                submit(SUBMITTER, "job-f", "w".repeat(70_000), ""),
                413,
                "REQUEST_TOO_LARGE",
                "part 'job' is larger than 65536 bytes; expected less (sampo.http.max-job)");
        assertProblem(
                submit(SUBMITTER, "job-f", "w".repeat(1_100_000), ""),
                413,
                "REQUEST_TOO_LARGE",
                "expected at most 1048576 (sampo.http.max-upload)");
        assertThat(submit(SUBMITTER, "job-f", "words", "").statusCode())
                .as("the next request")
                .isEqualTo(201);
    }

    private HttpResponse<String> as(String token, String method, String path) throws Exception {
        return seed.send(method, path, "", "Authorization", "Bearer " + token);
    }

    private HttpResponse<String> submit(String token, String id, String name, String blobs) throws Exception {
        return send(token, new String[] {"job", "application/json", SeedFixture.job(id, name, blobs)});
    }

    private HttpResponse<String> send(String token, String[]... parts) throws Exception {
        return seed.send(
                "POST",
                "/v1/jobs",
                SeedFixture.multipart(parts),
                "Authorization",
                "Bearer " + token,
                "Content-Type",
                "multipart/form-data; boundary=frontier");
    }

    private static void assertProblem(HttpResponse<String> response, int status, String code, String detail)
            throws Exception {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        JsonNode problem = SeedFixture.json(response);
        assertThat(problem.get("status").asInt()).isEqualTo(status);
        assertThat(problem.get("code").asText()).isEqualTo(code);
        assertThat(problem.get("detail").asText()).contains(detail);
    }

    private static String blob(String digit, int bytes) {
        return "{\"digest\":\"" + digit.repeat(64) + "\",\"bytes\":" + bytes + ",\"kind\":\"JAR\",\"name\":\"a.jar\"}";
    }

    private static String token(String name, String role, String token) {
        String digest = HexFormat.of().formatHex(BlobStore.sha256().digest(token.getBytes(StandardCharsets.US_ASCII)));
        return "tokens += { name = " + name + ", role = " + role + ", sha256 = \"" + digest + "\" }\n";
    }
}
