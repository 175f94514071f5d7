package dev.sampo.seed.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sampo.internal.blob.BlobStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Good and bad requests to a seed over real sockets; whatever one of them does, the next is answered. */
class SubmitOverHttpTest {
    private static final String JSON = "application/json";
    private static final String BLOB = "the bytes of a jar";
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    Path directory = Path.of("");

    private SeedFixture seed;

    @BeforeEach
    void startSeed() throws Exception {
        seed = SeedFixture.start(directory, "sampo.http.max-upload = 1MiB, sampo.http.heartbeat = 200ms");
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(seed.get("/ready").statusCode()).isEqualTo(200));
    }

    @AfterEach
    void stillAnswersAndStops() throws Exception {
        assertThat(seed.get("/health").statusCode()).isEqualTo(200);
        assertThat(seed.get("/v1/jobs").statusCode()).isEqualTo(200);
        seed.close();
    }

    @Test
    void aRepeatedSubmitIsOneJobAndAnotherOfThatIdAConflict() throws Exception {
        HttpResponse<String> first = submit("job-a", "words");
        assertThat(first.statusCode()).as(first.body()).isEqualTo(201);
        assertThat(first.headers().firstValue("Location")).contains("/v1/jobs/job-a");
        assertThat(submit("job-a", "words").statusCode()).isEqualTo(200);
        HttpResponse<String> other = submit("job-a", "others");
        assertThat(other.statusCode()).isEqualTo(409);
        assertThat(SeedFixture.json(other).get("code").asText()).isEqualTo("JOB_UNKNOWN");

        HttpResponse<String> job = seed.get("/v1/jobs/job-a");
        assertThat(SeedFixture.json(job).get("waiting").asText()).isEqualTo("no worker node has joined");
        assertThat(seed.get("/v1/jobs/job-a/result").statusCode()).isEqualTo(409);
        assertThat(seed.send("POST", "/v1/jobs/job-a/cancel", "{\"reason\":\"enough\"}")
                        .statusCode())
                .isEqualTo(202);
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(SeedFixture.json(seed.get("/v1/jobs/job-a?wait=5"))
                                .get("state")
                                .asText())
                        .isEqualTo("CANCELED"));
        assertThat(seed.get("/v1/jobs/job-a/events").body())
                .as("ends with the job")
                .contains("\"type\":\"JobSubmitted\"", "CANCELED");
    }

    @Test
    void blobsAreTakenInAndCheckedAndLeftNowhereWhenTheyAreWrong() throws Exception {
        String digest = HexFormat.of().formatHex(BlobStore.sha256().digest(BLOB.getBytes(StandardCharsets.UTF_8)));
        String announced =
                "{\"digest\":\"" + digest + "\",\"bytes\":" + BLOB.length() + ",\"kind\":\"JAR\",\"name\":\"a.jar\"}";
        String[] job = {"job", JSON, SeedFixture.job("job-b", "words", announced)};
        String[] blob = {digest, "application/octet-stream", BLOB};

        assertThat(seed.submit(job).statusCode()).as("a blob is missing").isEqualTo(422);
        String[] altered = {digest, "application/octet-stream", BLOB.replace('j', 'k')};
        assertThat(seed.submit(job, altered).statusCode()).isEqualTo(422);
        String[] foreign = {"0".repeat(64), "application/octet-stream", BLOB};
        assertThat(seed.submit(job, foreign).statusCode()).isEqualTo(400);
        assertThat(seed.send("HEAD", "/v1/blobs/" + digest, "").statusCode()).isEqualTo(404);
        assertThat(blobFiles()).isEmpty();

        HttpResponse<String> taken = seed.submit(job, blob);
        assertThat(taken.statusCode()).as(taken.body()).isEqualTo(201);
        assertThat(seed.send("HEAD", "/v1/blobs/" + digest, "").statusCode()).isEqualTo(200);
        assertThat(seed.send("HEAD", "/v1/blobs/" + digest.substring(1), "").statusCode())
                .isEqualTo(400);
    }

    @Test
    void aClientThatDisconnectsInMidUploadLeavesNothingBehind() throws Exception {
        String digest = HexFormat.of().formatHex(BlobStore.sha256().digest(BLOB.getBytes(StandardCharsets.UTF_8)));
        String announced =
                "{\"digest\":\"" + digest + "\",\"bytes\":" + BLOB.length() + ",\"kind\":\"JAR\",\"name\":\"a.jar\"}";
        String body = SeedFixture.multipart(
                new String[] {"job", JSON, SeedFixture.job("job-c", "words", announced)},
                new String[] {digest, "application/octet-stream", BLOB});
        String cut = body.substring(0, body.indexOf(BLOB) + BLOB.length() / 2);
        try (Socket socket = seed.raw(head("POST /v1/jobs", body.length()) + cut)) {
            assertThat(socket.isConnected()).isTrue();
        }
        await().during(Duration.ofMillis(500))
                .atMost(LIMIT)
                .untilAsserted(() -> assertThat(blobFiles()).isEmpty());
        assertThat(seed.get("/v1/jobs/job-c").statusCode()).isEqualTo(404);
    }

    @Test
    void whatIsMalformedIsSaidInAProblem() throws Exception {
        assertThat(problem(seed.submit(new String[] {"job", JSON, "{\"id\":"}))).isEqualTo(400);
        String unknown = SeedFixture.job("job-d", "words", "").replace("\"id\"", "\"idd\"");
        assertThat(problem(seed.submit(new String[] {"job", JSON, unknown}))).isEqualTo(400);
        assertThat(problem(seed.submit(new String[] {"jar", JSON, "x"}))).isEqualTo(400);
        assertThat(problem(seed.submit())).isEqualTo(400);
        assertThat(problem(seed.submit(new String[] {"job", "text/plain", "x"})))
                .isEqualTo(415);
        String path = SeedFixture.job("../../etc/passwd", "words", "");
        assertThat(problem(seed.submit(new String[] {"job", JSON, path}))).isEqualTo(400);
        assertThat(problem(seed.send("POST", "/v1/jobs", "{}", "Content-Type", JSON)))
                .isEqualTo(415);
        assertThat(problem(seed.get("/v1/jobs/..%2F..%2Fetc"))).isEqualTo(400);
        assertThat(problem(seed.get("/v1/jobs?limit=-1"))).isEqualTo(400);
        assertThat(problem(seed.get("/nothing"))).isEqualTo(404);
        assertThat(problem(seed.send("DELETE", "/v1/jobs", ""))).isEqualTo(405);
        assertThat(problem(seed.send("POST", "/v1/nodes/127.0.0.1:1/drain", "")))
                .isEqualTo(404);
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedBeforeItIsSent() throws Exception {
        try (Socket socket = seed.raw(head("POST /v1/jobs", 2L << 20))) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            assertThat(in.readLine()).contains("413");
        }
    }

    @Test
    void aFloodIsRefusedInPartAndHealthAnswersMeanwhile() throws Exception {
        submit("job-e", "words");
        List<CompletableFuture<HttpResponse<String>>> flood = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            flood.add(seed.sendAsync("GET", "/v1/jobs/job-e?wait=2"));
        }
        assertThat(seed.get("/health").statusCode()).isEqualTo(200);
        int refused = 0;
        for (CompletableFuture<HttpResponse<String>> each : flood) {
            HttpResponse<String> answer = each.get(60, TimeUnit.SECONDS);
            assertThat(answer.statusCode()).isIn(200, 429, 503);
            if (answer.statusCode() != 200) {
                assertThat(answer.headers().firstValue("Retry-After")).isPresent();
                refused++;
            }
        }
        assertThat(refused).isPositive();
    }

    @Test
    void aReaderOfEventsMayDisconnectAndGoOn() throws Exception {
        submit("job-f", "words");
        String id;
        try (Socket socket = seed.raw("GET /v1/events?after=0 HTTP/1.1\r\nHost: x\r\n\r\n")) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            String line = in.readLine();
            while (!line.startsWith("id: ")) {
                line = in.readLine();
            }
            id = line.substring(4).strip();
        }
        submit("job-g", "words");
        try (Socket socket = seed.raw("GET /v1/events HTTP/1.1\r\nHost: x\r\nLast-Event-ID: " + id + "\r\n\r\n")) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            String line = in.readLine();
            while (!line.contains("job-g")) {
                assertThat(line).doesNotContain("id: " + id);
                line = in.readLine();
            }
        }
    }

    private HttpResponse<String> submit(String id, String name) throws Exception {
        return seed.submit(new String[] {"job", JSON, SeedFixture.job(id, name, "")});
    }

    private static String head(String line, long length) {
        return line + " HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=frontier\r\nContent-Length: "
                + length + "\r\n\r\n";
    }

    private static int problem(HttpResponse<String> response) throws IOException {
        assertThat(response.headers().firstValue("Content-Type").orElse(""))
                .as(response.body())
                .startsWith("application/problem+json");
        assertThat(SeedFixture.json(response).get("status").asInt()).isEqualTo(response.statusCode());
        return response.statusCode();
    }

    private List<Path> blobFiles() {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.getFileName().toString().matches("[0-9a-f]{64}.*"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
