package dev.sampo.internal.client;

import static dev.sampo.internal.client.FakeSeed.broken;
import static dev.sampo.internal.client.FakeSeed.bytes;
import static dev.sampo.internal.client.FakeSeed.hangUp;
import static dev.sampo.internal.client.FakeSeed.json;
import static dev.sampo.internal.client.FakeSeed.problem;
import static dev.sampo.internal.client.FakeSeed.retryAfter;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.sampo.Sampo;
import dev.sampo.api.DataType;
import dev.sampo.api.JobHandle;
import dev.sampo.api.JobResult;
import dev.sampo.api.JobSpec;
import dev.sampo.api.JobState;
import dev.sampo.api.Pair;
import dev.sampo.api.Reducers;
import dev.sampo.api.StopMode;
import dev.sampo.io.MemoryInput;
import dev.sampo.io.TextOutput;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The client without actors, against a seed that is made to fail. */
class HttpJobsTest {
    private static final String SUBMIT = "POST /v1/jobs";
    private static final String STATUS = "GET /v1/jobs/one";
    private static final String RUNNING = """
            {"id":"one","state":"RUNNING","output":"file:/out/","later":{"unknown":1},
             "stages":[{"name":"map","total":4,"done":1,"running":2}],
             "counters":{"stages":[{"stage":"map","tasks":4,"recordsIn":12}],"user":{"seen":7}}}
            """;
    private static final String SUCCEEDED = """
            {"id":"one","state":"SUCCEEDED","output":"file:/out/","stages":[],
             "counters":{"stages":[],"user":{"seen":9}},
             "result":{"parts":[{"name":"part-00000","records":3,"bytes":20,"digest":"sha256:00"}],"durationMillis":1500}}
            """;

    private FakeSeed seed;

    @TempDir
    Path directory;

    @BeforeEach
    void start() throws IOException {
        seed = FakeSeed.start();
        seed.on(SUBMIT, json(201, "{\"id\":\"one\"}"));
    }

    @AfterEach
    void stop() {
        seed.close();
    }

    @Test
    void submitsFollowsAndReportsTheResult() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        seed.on(STATUS, json(200, RUNNING), exchange -> {
            awaitLatch(end);
            json(200, SUCCEEDED).give(exchange);
        });
        try (Sampo engine = connect("")) {
            JobHandle<String, Long> job = engine.submit("one", job(directory.resolve("out")));
            job.accepted().toCompletableFuture().get(10, TimeUnit.SECONDS);
            Awaitility.await().until(() -> job.state() == JobState.RUNNING);
            assertThat(job.progress().fraction()).isEqualTo(0.25);
            assertThat(job.counters().get("seen")).isEqualTo(7);
            assertThat(job.counters().stage("map").recordsIn()).isEqualTo(12);
            end.countDown();
            try (JobResult<String, Long> result = job.await()) {
                assertThat(result.jobId()).isEqualTo("one");
                assertThat(result.duration()).hasMillis(1500);
                assertThat(result.parts())
                        .singleElement()
                        .satisfies(part -> assertThat(part.records()).isEqualTo(3));
                assertThat(result.counters().get("seen")).isEqualTo(9);
            }
        }
        String body = seed.asked(SUBMIT).get(0).body();
        assertThat(body).startsWith("--sampo-").contains("name=\"job\"", "application/json", "\"id\":\"one\"");
        assertThat(body).contains("\"outline\":{\"name\":\"words\"", "\"splitBytes\":", "\"blobs\":[]");
        assertThat(seed.asked(STATUS).get(0).query()).isEqualTo("wait=2");
    }

    @Test
    void uploadsTheBlobsThatTheSeedLacks() throws Exception {
        byte[] content = new byte[100_000];
        new Random(7).nextBytes(content);
        Path lacking = jar("lacking.jar", content);
        Path known = jar("known.jar", new byte[10]);
        String knownDigest = digest(Files.readAllBytes(known));
        String lackingDigest = digest(Files.readAllBytes(lacking));
        seed.on("HEAD /v1/blobs/" + knownDigest, exchange -> exchange.sendResponseHeaders(200, -1));
        seed.on("HEAD /v1/blobs/" + lackingDigest, exchange -> exchange.sendResponseHeaders(404, -1));
        seed.on(SUBMIT, hangUp(), json(201, "{}")).on(STATUS, json(200, SUCCEEDED));
        JobSpec<String, Long> job = job(directory.resolve("out")).withJars(List.of(lacking, known));
        try (Sampo engine = connect("")) {
            engine.submit("one", job).await().close();
        }
        assertThat(seed.asked(SUBMIT))
                .hasSize(2)
                .allSatisfy(submit -> assertThat(submit.body())
                        .contains("\"digest\":\"" + knownDigest, "name=\"" + lackingDigest + "\"")
                        .contains(new String(Files.readAllBytes(lacking), StandardCharsets.ISO_8859_1))
                        .doesNotContain("name=\"" + knownDigest));
    }

    @Test
    void uploadsAllBlobsWhenTheSeedThatTakesTheJobIsAnotherThanTheOneThatWasAsked() throws Exception {
        Path known = jar("known.jar", new byte[10]);
        String digest = digest(Files.readAllBytes(known));
        seed.on("HEAD /v1/blobs/" + digest, exchange -> exchange.sendResponseHeaders(200, -1));
        seed.on(SUBMIT, problem(422, "REQUEST_INVALID", "this seed does not have the blobs"), json(201, "{}"));
        seed.on(STATUS, json(200, SUCCEEDED));
        try (Sampo engine = connect("")) {
            engine.submit("one", job(directory.resolve("out")).withJars(List.of(known)))
                    .await()
                    .close();
        }
        assertThat(seed.asked(SUBMIT)).hasSize(2);
        assertThat(seed.asked(SUBMIT).get(0).body()).doesNotContain("name=\"" + digest);
        assertThat(seed.asked(SUBMIT).get(1).body()).contains("name=\"" + digest);
    }

    private Path jar(String name, byte[] content) throws IOException {
        Path file = directory.resolve(name);
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file))) {
            jar.putNextEntry(new JarEntry("content"));
            jar.write(content);
        }
        return file;
    }

    @Test
    void anEngineIsThereAtOnceAndHasNoActors() {
        long before = System.nanoTime();
        try (Sampo engine = connect("")) {
            assertThat(engine).isNotNull();
            assertThat(Thread.getAllStackTraces().keySet())
                    .noneMatch(thread -> thread.getName().contains("pekko"));
        }
        assertThat(System.nanoTime() - before).isLessThan(TimeUnit.SECONDS.toNanos(5));
    }

    @Test
    void triesAgainWhatFailsForNow() throws Exception {
        seed.on(SUBMIT, hangUp(), problem(503, "ENGINE_CLOSED", "starting"), retryAfter(429, 1), json(200, "{}"));
        seed.on(STATUS, json(503, ""), json(200, "<html>a proxy</html>"), hangUp(), json(200, SUCCEEDED));
        try (Sampo engine = connect("")) {
            assertThat(engine.submit("one", job(directory)).await().parts()).hasSize(1);
        }
        assertThat(seed.asked(SUBMIT)).hasSizeGreaterThanOrEqualTo(4);
    }

    @Test
    void submitsAgainUnderTheSameIdWhenTheSeedWasStartedAnew() throws Exception {
        seed.on(STATUS, json(200, RUNNING), problem(404, "JOB_UNKNOWN", "no job one"), json(200, SUCCEEDED));
        try (Sampo engine = connect("")) {
            engine.submit("one", job(directory)).await().close();
        }
        assertThat(seed.asked(SUBMIT)).hasSize(2);
        assertThat(seed.asked(SUBMIT).get(0).body())
                .isEqualTo(seed.asked(SUBMIT).get(1).body());
    }

    @Test
    void followsAJobAcrossTheRestartOfItsSeed() throws Exception {
        seed.on(STATUS, json(200, RUNNING));
        int port = seed.port();
        try (Sampo engine = connect("")) {
            JobHandle<String, Long> job = engine.submit("one", job(directory));
            Awaitility.await().until(() -> job.state() == JobState.RUNNING);
            seed.close();
            seed = FakeSeed.startAt(port);
            seed.on(STATUS, json(200, SUCCEEDED));
            assertThat(job.await().parts()).hasSize(1);
        }
    }

    @Test
    void triesTheSeedsInTurn() throws Exception {
        URI nobody = URI.create("http://127.0.0.1:" + unusedPort());
        seed.on(STATUS, json(200, SUCCEEDED));
        try (FakeSeed starting = FakeSeed.start();
                Sampo engine = Sampo.connect(List.of(nobody, starting.uri(), seed.uri()), settings(""))) {
            starting.on(SUBMIT, problem(503, "ENGINE_CLOSED", "starting"));
            starting.on(STATUS, problem(503, "ENGINE_CLOSED", "starting"));
            engine.submit("one", job(directory)).await().close();
        }
        assertThat(seed.asked(SUBMIT)).hasSize(1);
    }

    @Test
    void saysThatNoSeedAnswers() throws Exception {
        URI nobody = URI.create("http://127.0.0.1:" + unusedPort());
        try (Sampo engine = Sampo.connect(nobody, settings("sampo.client.submit-limit = 300ms"))) {
            JobHandle<String, Long> job = engine.submit("one", job(directory));
            assertThat(failureOf(job))
                    .hasMessageContaining("job one: no seed took the request within 0.3 s")
                    .hasMessageContaining(nobody.toString())
                    .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.NO_ANSWER));
            assertThat(job.accepted()).isCompletedExceptionally();
            assertThat(job.state()).isEqualTo(JobState.FAILED);
        }
    }

    @Test
    void aSeedThatNeverAnswersCountsAsDead() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        seed.on(SUBMIT, exchange -> awaitLatch(end));
        try (Sampo engine =
                connect("sampo.client { request-timeout = 200ms, upload-timeout = 200ms, submit-limit = 500ms }")) {
            assertThat(failureOf(engine.submit("one", job(directory)))).hasMessageContaining("no answer within 200 ms");
        } finally {
            end.countDown();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "401, UNAUTHENTICATED, UNAUTHENTICATED",
        "403, , FORBIDDEN",
        "409, JOB_UNKNOWN, JOB_UNKNOWN",
        "422, JOB_INVALID, JOB_INVALID",
        "429, QUEUE_FULL, QUEUE_FULL",
        "400, A_CODE_OF_A_LATER_BUILD, REQUEST_INVALID"
    })
    void aRefusalIsTheEnd(int status, String code, ErrorCode expected) {
        seed.on(SUBMIT, problem(status, code, "it is so; expected otherwise"));
        try (Sampo engine = connect("")) {
            assertThat(failureOf(engine.submit("one", job(directory))))
                    .hasMessage("job one: it is so; expected otherwise")
                    .satisfies(e -> assertThat(e.code()).isEqualTo(expected));
        }
        assertThat(seed.asked(SUBMIT)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{\"code\":7,", "[]", "\"x\"", "null", "<html>Bad   gateway</html>"})
    void aMalformedRefusalIsQuoted(String body) {
        seed.on(SUBMIT, bytes(418, "application/problem+json", body.getBytes(StandardCharsets.UTF_8)));
        try (Sampo engine = connect("")) {
            assertThat(failureOf(engine.submit("one", job(directory))))
                    .hasMessageContaining("job one: the seed answered 418: ")
                    .hasMessageContaining("; expected the HTTP API of a Sampo seed");
        }
    }

    @Test
    void showsItsToken() throws Exception {
        seed.on(STATUS, json(200, SUCCEEDED));
        Path file = Files.writeString(directory.resolve("token"), "s3cret\n");
        try (Sampo engine = connect("sampo.client.token-file = \"" + file + "\"")) {
            engine.submit("one", job(directory)).await().close();
        }
        assertThat(seed.asked(SUBMIT).get(0).authorization()).isEqualTo("Bearer s3cret");
        assertThat(seed.asked(STATUS).get(0).authorization()).isEqualTo("Bearer s3cret");
        assertThatThrownBy(() -> connect("sampo.client.token-file = \"" + directory.resolve("none") + "\""))
                .hasMessageContaining("none cannot be read");
        assertThatThrownBy(() -> connect("sampo.client.token = \"a b\"")).hasMessageContaining("without blanks");
        assertThatThrownBy(() -> connect("sampo.client.ca-file = \"" + file + "\""))
                .hasMessageContaining("PEM");
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:/tmp", "http:/x", "localhost:80", "ftp://host", "http://h/?a=b", "http://u:p@h"})
    void refusesAnAddressThatIsNoneOfHttp(String address) {
        assertThatThrownBy(() -> Sampo.connect(URI.create(address)))
                .isInstanceOfSatisfying(
                        SampoException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIG_INVALID))
                .hasMessageContaining("http://HOST:PORT");
    }

    @Test
    void cancelsWhatTheSeedHasTaken() throws Exception {
        CountDownLatch canceled = new CountDownLatch(1);
        seed.on("POST /v1/jobs/one/cancel", json(503, ""), exchange -> {
            canceled.countDown();
            json(202, "").give(exchange);
        });
        seed.on(STATUS, exchange -> {
            boolean over = canceled.getCount() == 0;
            json(200, over ? "{\"state\":\"CANCELED\",\"failure\":{\"message\":\"asked for\"}}" : RUNNING)
                    .give(exchange);
        });
        try (Sampo engine = connect("")) {
            JobHandle<String, Long> job = engine.submit("one", job(directory));
            job.cancel();
            assertThat(failureOf(job))
                    .hasMessage("job one: asked for")
                    .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.JOB_CANCELED));
            assertThat(job.state()).isEqualTo(JobState.CANCELED);
        }
        assertThat(seed.asked("POST /v1/jobs/one/cancel").get(0).body()).contains("canceled by its submitter");
    }

    @Test
    void theFailureOfAJobNamesItsCauseAndTrace() {
        seed.on(STATUS, json(200, """
                        {"state":"FAILED","failure":{"code":"USER_CODE_FAILED","message":"job one: threw","stackTrace":"at own.Job"}}
                        """));
        try (Sampo engine = connect("")) {
            assertThat(failureOf(engine.submit("one", job(directory))))
                    .hasMessage("job one: threw")
                    .hasRootCauseMessage("on the node: at own.Job")
                    .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.USER_CODE_FAILED));
        }
    }

    @Test
    void theIdOfAJobIsEnoughToFollowIt() throws Exception {
        seed.on("GET /v1/jobs/theirs", json(200, RUNNING), json(200, SUCCEEDED));
        try (Sampo engine = connect("")) {
            assertThat(engine.job("theirs").await().parts()).hasSize(1);
            assertThat(failureOf(engine.job("nobody")))
                    .hasMessageContaining("no job 'nobody'")
                    .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.JOB_UNKNOWN));
        }
        assertThat(seed.asked(SUBMIT)).isEmpty();
    }

    @Test
    void successWithoutItsDurationIsAskedForAgainInsteadOfShownAsNoTimeAtAll() throws Exception {
        String early = SUCCEEDED.replace(",\"durationMillis\":1500", "");
        seed.on("GET /v1/jobs/theirs", json(200, early), json(200, early), json(200, SUCCEEDED));
        try (Sampo engine = connect("")) {
            assertThat(engine.job("theirs").await().duration()).hasMillis(1500);
        }
        assertThat(seed.asked("GET /v1/jobs/theirs")).hasSize(3);
    }

    @Test
    void partsThatAnotherSubmitterFetchesAreNoCollectedRecords() throws Exception {
        String held = SUCCEEDED.replace("\"output\":\"file:/out/\"", "\"output\":\"\",\"collected\":false");
        seed.on("GET /v1/jobs/theirs", json(200, held));
        try (Sampo engine = connect("");
                JobResult<byte[], byte[]> result = engine.job("theirs").await()) {
            assertThat(result.parts()).hasSize(1);
            assertThatThrownBy(result::records)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("parts for its submitter to fetch; expected a job that ends in collect");
        }
    }

    @Test
    void closingLetsTheJobsGoOnAndWaitsUntilTheyAreTaken() throws Exception {
        seed.on(SUBMIT, problem(503, "ENGINE_CLOSED", "starting"), json(201, "{}"));
        seed.on(STATUS, json(200, RUNNING));
        Sampo engine = connect("");
        JobHandle<String, Long> job = engine.submit("one", job(directory));
        engine.close();
        assertThat(seed.asked(SUBMIT)).hasSize(2);
        assertThat(job.accepted().toCompletableFuture()).isCompleted();
        assertThat(failureOf(job))
                .hasMessageContaining("the job may go on")
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.ENGINE_CLOSED));
        assertThat(seed.asked("POST /v1/jobs/one/cancel")).isEmpty();
        assertThatThrownBy(() -> engine.submit(job(directory))).hasMessageContaining("closed");
        engine.close(StopMode.CANCEL);
    }

    @Test
    void streamsACollectedResultAndGoesOnWhereAConnectionBroke() throws Exception {
        int records = 20_000;
        byte[] part = frames(records);
        seed.on("GET /v1/jobs/two", json(200, collected(part, digest(part))));
        seed.on(
                "GET /v1/jobs/two/result/parts/part-00000",
                broken(part, 1_000),
                problem(503, "ENGINE_CLOSED", "starting"),
                broken(part, part.length - 1),
                bytes(200, "application/octet-stream", part));
        try (Sampo engine = connect("");
                JobResult<String, String> result = engine.job(
                                "two", DataType.of(String.class), DataType.of(String.class))
                        .await();
                Stream<Pair<String, String>> stream = result.records()) {
            List<Pair<String, String>> all = stream.toList();
            assertThat(all).hasSize(records).doesNotHaveDuplicates().startsWith(Pair.of("key-0", "value-0"));
        }
    }

    @Test
    void noticesAResultThatWasAltered() throws Exception {
        byte[] part = frames(10);
        seed.on("GET /v1/jobs/two", json(200, collected(part, "00".repeat(32))));
        seed.on("GET /v1/jobs/two/result/parts/part-00000", bytes(200, "application/octet-stream", part));
        try (Sampo engine = connect("");
                JobResult<byte[], byte[]> result = engine.job("two").await();
                Stream<Pair<byte[], byte[]>> stream = result.records()) {
            assertThatThrownBy(stream::count)
                    .hasMessageContaining("part-00000 arrived")
                    .hasMessageContaining("digest");
        }
    }

    private static String collected(byte[] part, String digest) {
        return "{\"state\":\"SUCCEEDED\",\"output\":\"\",\"result\":{\"parts\":[{\"name\":\"part-00000\",\"records\":1,"
                + "\"bytes\":" + part.length + ",\"digest\":\"sha256:" + digest + "\"}],\"durationMillis\":7}}";
    }

    private static byte[] frames(int records) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < records; i++) {
            for (String text : List.of("key-" + i, "value-" + i)) {
                out.write(text.length());
                out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
            }
        }
        return out.toByteArray();
    }

    private static String digest(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static SampoException failureOf(JobHandle<?, ?> job) {
        return catchThrowableOfType(SampoException.class, job::await);
    }

    private Sampo connect(String more) {
        return Sampo.connect(seed.uri(), settings(more));
    }

    private static Config settings(String more) {
        return ConfigFactory.parseString(more).withFallback(ConfigFactory.parseString("sampo.ship.classpath = none"));
    }

    private static int unusedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static JobSpec<String, Long> job(Path output) {
        return JobSpec.named("words")
                .read(MemoryInput.of(List.of("x")))
                .map(String.class, Long.class, (line, out) -> out.emit(line, 1L))
                .reduce(String.class, Long.class, Reducers.sumLong())
                .writeTo(TextOutput.to(output));
    }
}
