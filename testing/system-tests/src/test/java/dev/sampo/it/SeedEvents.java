package dev.sampo.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sampo.it.Programs.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What a seed says over HTTP: the events of the cluster from its first on, and the nodes as they are. Ends with its seed. */
final class SeedEvents {
    private static final Pattern API = Pattern.compile("Sampo API at (http://\\S+)");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DATA = "data: ";

    private final HttpClient client = HttpClient.newHttpClient();
    private final URI api;
    private final List<JsonNode> events = new CopyOnWriteArrayList<>();

    private SeedEvents(URI api) {
        this.api = api;
    }

    /** Waits until the API of a seed is there, and reads along from then on. */
    static SeedEvents of(Program seed) throws IOException {
        await().atMost(Programs.LIMIT)
                .untilAsserted(() -> assertThat(seed.output()).containsPattern(API));
        Matcher matcher = API.matcher(seed.output());
        assertThat(matcher.find()).isTrue();
        SeedEvents events = new SeedEvents(URI.create(matcher.group(1)));
        Thread reader = new Thread(events::read, "events of " + events.api);
        reader.setDaemon(true);
        reader.start();
        return events;
    }

    private void read() {
        HttpRequest all =
                HttpRequest.newBuilder(api.resolve("/v1/events?after=0")).build();
        try (Stream<String> lines = client.send(all, BodyHandlers.ofLines()).body()) {
            lines.filter(line -> line.startsWith(DATA)).forEach(line -> events.add(json(line)));
        } catch (IOException | UncheckedIOException e) {
            // the seed is gone, and with it what it had to say
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static JsonNode json(String line) {
        try {
            return JSON.readTree(line.substring(DATA.length()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns how many nodes have registered, each life of a node for itself. */
    int joined() {
        return count("NodeJoined", "");
    }

    /** Returns how many lives of the node at an address have registered. */
    int joined(String address) {
        return count("NodeJoined", address + "#");
    }

    /** Returns how many nodes were lost. */
    int lost() {
        return count("NodeLost", "");
    }

    private int count(String type, String node) {
        return (int) events.stream()
                .filter(event -> event.path("type").asText().equals(type)
                        && event.path("node").asText().contains(node))
                .count();
    }

    void awaitJoined(int nodes) {
        await().atMost(Programs.LIMIT)
                .untilAsserted(() -> assertThat(joined())
                        .as("nodes that registered, by %s", events)
                        .isEqualTo(nodes));
    }

    /** Returns the state of each node that has one of some states, such as {@code unreachable}. */
    List<String> addresses(String state) throws IOException, InterruptedException {
        HttpRequest nodes = HttpRequest.newBuilder(api.resolve("/v1/nodes")).build();
        String body = client.send(nodes, BodyHandlers.ofString()).body();
        return StreamSupport.stream(JSON.readTree(body).path("nodes").spliterator(), false)
                .filter(node -> node.path("state").asText().equals(state))
                .map(node -> node.path("address").asText())
                .toList();
    }
}
