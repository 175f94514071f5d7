package dev.sampo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.sampo.cli.CliFixture.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The commands that talk to a cluster, against a server that answers as its HTTP API does. */
class ClusterCommandsTest {
    private static final String JOB = """
            {"id":"one","name":"word-count","queue":"default","priority":0,"state":"%s","submitted":"2026-01-02T03:04:05Z",
             "output":"%s","tasks":{"total":4,"done":3,"running":1},
             "stages":[{"name":"map","total":4,"done":3,"running":1}],
             "counters":{"stages":[{"stage":"map","tasks":4}],"user":{"seen":7}}%s}
            """;

    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private HttpServer server;

    @TempDir
    Path folder;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                URI uri = exchange.getRequestURI();
                byte[] body = exchange.getRequestBody().readAllBytes();
                asked.add(exchange.getRequestMethod() + " " + uri + " "
                        + exchange.getRequestHeaders().getOrDefault("Authorization", List.of("")) + " "
                        + new String(body, StandardCharsets.ISO_8859_1));
                String key = exchange.getRequestMethod() + " " + uri.getPath();
                String answer = answers.getOrDefault(
                        key, "404 {\"code\":\"JOB_UNKNOWN\",\"detail\":\"it is not known; expected one that is\"}");
                byte[] bytes = answer.substring(4).getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(
                        Integer.parseInt(answer.substring(0, 3)),
                        bytes.length == 0 || key.startsWith("HEAD") ? -1 : bytes.length);
                if (!key.startsWith("HEAD")) {
                    exchange.getResponseBody().write(bytes);
                }
            }
        });
        server.start();
        answers.put("POST /v1/jobs", "201 {\"id\":\"one\"}");
        answers.put("GET /v1/jobs/one", "200 " + JOB.formatted("RUNNING", "file:/out/", ""));
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void printsTheIdOfAJobThatTheClusterHasTaken() throws Exception {
        Files.writeString(folder.resolve("input"), "to be\n");
        Outcome outcome = run(
                "submit",
                "--id",
                "one",
                "word-count",
                "--input",
                "" + folder.resolve("input"),
                "--output",
                "relative/out");
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out()).isEqualTo("one\n");
        assertThat(outcome.exitCode()).isZero();
        assertThat(asked.get(0)).startsWith("HEAD /v1/blobs/");
        String body = asked.stream()
                .filter(request -> request.startsWith("POST /v1/jobs "))
                .findFirst()
                .orElseThrow();
        assertThat(body)
                .contains("Content-Type: application/octet-stream")
                .contains(
                        "\"id\":\"one\"",
                        "\"name\":\"word-count\"",
                        Path.of("relative/out").toUri().toString());
    }

    @Test
    void takesTheOptionsOfTheClusterBehindTheJobToo() throws Exception {
        Path token = Files.writeString(folder.resolve("token"), "s3cret");
        Outcome outcome = CliFixture.run(
                "submit",
                "grep",
                "--pattern",
                "x",
                "--input",
                "in",
                "--output",
                "out",
                "--seed",
                "http://127.0.0.1:1," + seed(),
                "--token-file",
                token.toString(),
                "--slots",
                "3",
                "--json");
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.out())
                .startsWith("{\"id\":\"job-")
                .contains("\"state\":\"ACCEPTED\"")
                .hasLineCount(1);
        assertThat(outcome.err()).contains("--slots and --memory have no effect here");
        assertThat(asked.get(0)).contains("[Bearer s3cret]");
    }

    @Test
    void anIdMayHaveTheNameOfAJobAndTheInputNamesTheNodesThatAreNearIt() throws Exception {
        Files.writeString(folder.resolve("input"), "to be\n");
        Outcome outcome = run(
                "submit",
                "--id",
                "sort",
                "word-count",
                "--input",
                "" + folder.resolve("input"),
                "--near",
                "zone=a",
                "--near",
                "host-7",
                "--output",
                "out");
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.out()).isEqualTo("sort\n");
        assertThat(asked)
                .filteredOn(request -> request.startsWith("POST /v1/jobs "))
                .singleElement()
                .satisfies(request -> assertThat(functions(request)).contains("zone=a", "host-7"));
    }

    /** Returns what a request carries in base 64: the serialized functions and inputs of a job. */
    private static String functions(String request) {
        return Pattern.compile("\"([A-Za-z0-9+/=]{100,})\"")
                .matcher(request)
                .results()
                .map(found -> new String(Base64.getDecoder().decode(found.group(1)), StandardCharsets.ISO_8859_1))
                .collect(Collectors.joining());
    }

    @Test
    void waitsForTheEndAndReportsItAsRunDoes() {
        answers.put(
                "GET /v1/jobs/one",
                "200 "
                        + JOB.formatted(
                                "SUCCEEDED",
                                "file:/out/",
                                ",\"result\":{\"parts\":[{\"name\":\"part-00000\",\"records\":3,\"bytes\":9,\"digest\":\"sha256:00\"}],"
                                        + "\"durationMillis\":1500}"));
        Outcome text = run("submit", "--id", "one", "--wait", "word-count", "--input", "in", "--output", "out");
        assertThat(text.err()).contains("submitted one", "word-count: 1.5 s, 3 records in 1 part in out", "seen: 7");
        assertThat(text.out()).isEmpty();
        assertThat(text.exitCode()).isZero();
        Outcome json =
                run("submit", "--id", "one", "--wait", "--json", "word-count", "--input", "in", "--output", "out");
        assertThat(json.out()).contains("\"state\":\"SUCCEEDED\"", "\"records\":3", "\"user\":{\"seen\":7}");
    }

    @ParameterizedTest
    @CsvSource({"USER_CODE_FAILED, 3", "INPUT_NOT_FOUND, 4", "OUTPUT_EXISTS, 5", "NODE_LOST, 8", "JOB_CANCELED, 130"})
    void aJobThatFailsEndsWithItsCode(String code, int exitCode) {
        answers.put(
                "GET /v1/jobs/one",
                "200 "
                        + JOB.formatted(
                                "FAILED",
                                "file:/out/",
                                ",\"failure\":{\"code\":\"" + code + "\",\"message\":\"it failed; expected better\"}"));
        Outcome outcome = run("submit", "--id", "one", "--wait", "word-count", "--input", "in", "--output", "out");
        assertThat(outcome.err()).contains("sampo: job one: it failed; expected better");
        assertThat(outcome.exitCode()).isEqualTo(exitCode);
    }

    @ParameterizedTest
    @CsvSource({"401, UNAUTHENTICATED, 10", "403, FORBIDDEN, 10", "409, JOB_UNKNOWN, 11", "413, REQUEST_TOO_LARGE, 12"})
    void aRefusalEndsWithItsCode(int status, String code, int exitCode) {
        answers.put("POST /v1/jobs", status + " {\"code\":\"" + code + "\",\"detail\":\"no; expected otherwise\"}");
        Outcome outcome = run("submit", "word-count", "--input", "in", "--output", "out", "--json");
        assertThat(outcome.err())
                .startsWith("sampo: job job-")
                .contains(": no; expected otherwise")
                .hasLineCount(1);
        assertThat(outcome.out()).contains("\"code\":\"" + code + "\"", "\"exitCode\":" + exitCode);
        assertThat(outcome.exitCode()).isEqualTo(exitCode);
    }

    @Test
    void saysThatNoSeedAnswers() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        Outcome jobs = CliFixture.run("jobs", "--seed", "http://127.0.0.1:" + port);
        assertThat(jobs.exitCode()).isEqualTo(ExitCode.UNREACHABLE.number());
        assertThat(jobs.err()).startsWith("sampo: /v1/jobs").contains("no seed answers", "127.0.0.1:" + port);
        Outcome submit = CliFixture.run(
                "submit",
                "--seed",
                "http://127.0.0.1:" + port,
                "-D",
                "sampo.client.submit-limit=200ms",
                "word-count",
                "--input",
                "in",
                "--output",
                "out");
        assertThat(submit.exitCode()).isEqualTo(ExitCode.UNREACHABLE.number());
        assertThat(submit.err()).startsWith("sampo: job ").contains("no seed took the request within 0.2 s");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "jobs --seed nowhere                | sampo: seed 'nowhere'; expected",
                "jobs --seed ftp://host             | sampo: seed 'ftp://host'; expected",
                "jobs --ca missing.pem              | sampo: CA file missing.pem:",
                "jobs --token-file missing.txt      | sampo: token file missing.txt cannot be read",
                "jobs -D sampo.client.tokn=x        | sampo.client.tokn",
                "jobs --limit 0                     | sampo: invalid value for option '--limit': '0'; expected",
                "result one --keys xml              | sampo: invalid value for option '--keys': 'xml'; expected one of",
                "job                                | sampo: no ID; expected ID",
                "submit                             | sampo: no job; expected one of word-count,",
                "submit word-cuont --input a        | sampo: unknown job 'word-cuont'; expected one of word-count,",
                "submit --id a/b word-count --input a --output o | sampo: job id 'a/b'; expected 1 to 100 letters"
            })
    void saysWhatIsWrongAndWhatWasExpected(String args, String message) {
        Outcome outcome = CliFixture.run(args.split(" +"));
        assertThat(outcome.err()).contains(message).doesNotContain("\tat ");
        assertThat(outcome.exitCode()).isIn(ExitCode.USAGE.number(), ExitCode.JOB_CLASS.number());
    }

    @Test
    void listsJobs() {
        String jobs = "{\"jobs\":[" + JOB.formatted("RUNNING", "file:/out/", "").strip() + "]}";
        answers.put("GET /v1/jobs", "200 " + jobs);
        Outcome text = run("jobs", "--state", "running,queued", "--limit", "5");
        assertThat(text.out()).isEqualTo("""
                        ID   NAME        STATE    QUEUE    PRIORITY  DONE  RUNNING  SUBMITTED
                        one  word-count  RUNNING  default         0   3/4        1  2026-01-02T03:04:05Z
                        """);
        assertThat(asked.get(0)).startsWith("GET /v1/jobs?limit=5&state=running%2Cqueued");
        assertThat(run("jobs", "--json").out())
                .startsWith("{\"jobs\":[{\"id\":\"one\"")
                .hasLineCount(1);
    }

    @Test
    void showsAJob() {
        Outcome text = run("job", "one");
        assertThat(text.out()).contains("state:      RUNNING", "output:     file:/out/", "map        4", "seen: 7");
        assertThat(run("job", "one", "--json").out())
                .contains("\"state\":\"RUNNING\"")
                .hasLineCount(1);
        Outcome unknown = run("job", "two");
        assertThat(unknown.exitCode()).isEqualTo(ExitCode.UNKNOWN.number());
        assertThat(unknown.err()).contains("it is not known; expected one that is");
    }

    @Test
    void listsNodes() {
        String nodes = """
                {"nodes":[{"id":"n1","address":"10.0.0.2:25520","roles":["worker"],"state":"up","slots":4,"memory":1024,
                 "weight":4.0,"labels":{"zone":"a"},"running":["one/2-00000-0"]}]}""";
        answers.put("GET /v1/nodes", "200 " + nodes);
        assertThat(run("nodes").out()).isEqualTo("""
                        ID  ADDRESS         ROLES   STATE  SLOTS  MEMORY  WEIGHT  LABELS  RUNNING
                        n1  10.0.0.2:25520  worker  up         4    1024     4.0  zone=a        1
                        """);
        assertThat(run("nodes", "--json").out()).contains("\"labels\":{\"zone\":\"a\"}");
    }

    @Test
    void cancelsAndDrains() {
        answers.put("POST /v1/jobs/one/cancel", "202 ");
        answers.put("POST /v1/nodes/10.0.0.2:25520/drain", "202 ");
        assertThat(run("cancel", "one", "--reason", "too \"late\"").out()).isEqualTo("job one is asked to stop\n");
        assertThat(asked.get(0)).endsWith("{\"reason\":\"too \\\"late\\\"\"}");
        assertThat(run("cancel", "one", "--json").out()).isEqualTo("{\"id\":\"one\",\"canceling\":true}\n");
        assertThat(run("drain", "10.0.0.2:25520").out()).isEqualTo("node 10.0.0.2:25520 is asked to leave\n");
    }

    @Test
    void printsEvents() {
        String event = "{\"sequence\":1,\"at\":\"2026-01-02T03:04:05Z\",\"type\":\"NodeLost\",\"warning\":true,"
                + "\"message\":\"node n1 is lost\"}";
        answers.put("GET /v1/events", "200 :\n\nid: 1\ndata: " + event + "\n\n");
        answers.put("GET /v1/jobs/one/events", "200 id: 1\ndata: " + event + "\n\n");
        assertThat(run("events").out()).isEqualTo("2026-01-02T03:04:05Z  ! NodeLost  node n1 is lost\n");
        assertThat(run("events", "one", "--follow", "--json").out()).isEqualTo(event + "\n");
    }

    @Test
    void downloadsACollectedResult() throws Exception {
        String frames = "\u0001a\u0002xy\u0001b\u0001z";
        String digest = HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(frames.getBytes(StandardCharsets.UTF_8)));
        answers.put(
                "GET /v1/jobs/one",
                "200 "
                        + JOB.formatted(
                                "SUCCEEDED",
                                "",
                                ",\"result\":{\"parts\":[{\"name\":\"part-00000\",\"records\":2,\"bytes\":9,\"digest\":\"sha256:"
                                        + digest + "\"}],\"durationMillis\":1}"));
        answers.put("GET /v1/jobs/one/result/parts/part-00000", "200 " + frames);
        answers.put("GET /v1/jobs/one/result", "200 " + frames);
        assertThat(run("result", "one").out()).isEqualTo("a\txy\nb\tz\n");
        assertThat(run("result", "one", "--json").out())
                .isEqualTo("{\"key\":\"a\",\"value\":\"xy\"}\n{\"key\":\"b\",\"value\":\"z\"}\n");
        Path file = folder.resolve("result");
        assertThat(run("result", "one", "--raw", "--output", file.toString()).out())
                .isEmpty();
        assertThat(file).hasContent(frames);

        answers.put("GET /v1/jobs/one", "200 " + JOB.formatted("SUCCEEDED", "file:/out/", ""));
        Outcome written = run("result", "one");
        assertThat(written.err()).contains("wrote its result to file:/out/");
        assertThat(written.exitCode()).isEqualTo(ExitCode.UNKNOWN.number());
        answers.put("GET /v1/jobs/one", "200 " + JOB.formatted("RUNNING", "", ""));
        assertThat(run("result", "one").err()).contains("job one is RUNNING; expected one that has succeeded");
    }

    private String seed() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private Outcome run(String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        all.addAll(List.of("--seed", seed()));
        Outcome outcome = CliFixture.run(all.toArray(String[]::new));
        assertThat(outcome.err()).doesNotContainPattern(Pattern.compile("^\tat ", Pattern.MULTILINE));
        return outcome;
    }
}
