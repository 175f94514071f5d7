package dev.sampo.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Asks the HTTP API of a seed on a host that this process cannot reach, by a process of its own there: it reads addresses,
 * one a line, and answers each with a status and a body, in one line.
 */
final class ApiProbe implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final BufferedWriter questions;
    private final BufferedReader answers;
    private final String base;

    /**
     * Starts the process.
     *
     * @param base where the API is, without a slash at the end
     */
    ApiProbe(String namespace, String base) throws IOException {
        this.base = base;
        this.process = new ProcessBuilder(List.of(
                        "ip",
                        "netns",
                        "exec",
                        namespace,
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        ApiProbe.class.getName()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        this.questions = process.outputWriter(StandardCharsets.UTF_8);
        this.answers = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Runs in the namespace. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        HttpClient client = HttpClient.newBuilder().connectTimeout(LIMIT).build();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String answer;
            try {
                HttpResponse<String> response = client.send(
                        HttpRequest.newBuilder(URI.create(line)).timeout(LIMIT).build(),
                        HttpResponse.BodyHandlers.ofString());
                answer = response.statusCode() + " " + response.body().replace('\n', ' ');
            } catch (IOException e) {
                answer = "0 " + e;
            }
            System.out.println(answer);
        }
    }

    /** Returns what the API says at a path; its status has to be 200. */
    JsonNode get(String path) throws IOException {
        String answer = ask(path);
        if (!answer.startsWith("200 ")) {
            throw new IOException(base + path + " answers " + answer);
        }
        return JSON.readTree(answer.substring(answer.indexOf(' ')));
    }

    /** Returns whether the API answers at a path with status 200. */
    boolean isThere(String path) throws IOException {
        return ask(path).startsWith("200 ");
    }

    private String ask(String path) throws IOException {
        questions.write(base + path + "\n");
        questions.flush();
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("the probe has ended");
        }
        return answer;
    }

    @Override
    public void close() throws IOException {
        questions.close(); // which ends it
        try {
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
