package dev.sampo.deploy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodListBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * The one call of the Kubernetes API that nodes make: listing the pods of a namespace by a label selector of equalities,
 * over HTTPS, with the token of a service account. What is asked otherwise is refused as a real server would. Written from
 * the API's documentation: it proves our side of the talk, not a real server's.
 */
final class FakeKubernetes implements AutoCloseable {
    private static final String TOKEN = "the-token-of-the-service-account";
    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final String namespace;
    private final Path directory;
    private final HttpsServer server;
    private final List<Pod> pods = new CopyOnWriteArrayList<>();
    private final List<Integer> answers = new CopyOnWriteArrayList<>();
    private final KubernetesSerialization json = new KubernetesSerialization();

    FakeKubernetes(Path directory, String namespace) throws IOException, GeneralSecurityException {
        this.directory = directory;
        this.namespace = namespace;
        Files.writeString(directory.resolve("token"), TOKEN);
        this.server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls()));
        server.createContext("/", this::answer);
        server.start();
    }

    /** Adds a pod that runs. */
    void add(String name, String address, Map<String, String> labels) {
        pods.add(new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .withLabels(labels)
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("node")
                .endContainer()
                .endSpec()
                .withNewStatus()
                .withPhase("Running")
                .withPodIP(address)
                .endStatus()
                .build());
    }

    /** Returns the variables that a pod finds the API by. */
    Map<String, String> environment() {
        return Map.of(
                "KUBERNETES_SERVICE_HOST",
                "127.0.0.1",
                "KUBERNETES_SERVICE_PORT",
                Integer.toString(server.getAddress().getPort()));
    }

    /** Returns the settings that stand for the files which every pod is given. */
    List<String> settings() {
        return List.of(
                "pekko.discovery.kubernetes-api.api-ca-path = \"" + directory.resolve("ca.pem") + "\"",
                "pekko.discovery.kubernetes-api.api-token-path = \"" + directory.resolve("token") + "\"");
    }

    /** Returns the status of each answer that was given. */
    List<Integer> answers() {
        return List.copyOf(answers);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            URI uri = exchange.getRequestURI();
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            if (!("Bearer " + TOKEN).equals(authorization)) {
                send(exchange, 401, "{}");
            } else if (!uri.getPath().equals("/api/v1/namespaces/" + namespace + "/pods")) {
                send(exchange, 403, "{}");
            } else {
                Map<String, String> selector = selector(uri.getQuery());
                List<Pod> found = new ArrayList<>();
                for (Pod pod : pods) {
                    if (pod.getMetadata().getLabels().entrySet().containsAll(selector.entrySet())) {
                        found.add(pod);
                    }
                }
                send(
                        exchange,
                        200,
                        json.asJson(new PodListBuilder().withItems(found).build()));
            }
        }
    }

    private static Map<String, String> selector(String query) {
        String prefix = "labelSelector=";
        if (query == null || !query.startsWith(prefix)) {
            throw new IllegalArgumentException("query " + query + "; expected " + prefix);
        }
        return Arrays.stream(query.substring(prefix.length()).split(","))
                .map(equality -> equality.split("="))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    }

    private void send(HttpExchange exchange, int status, String text) throws IOException {
        answers.add(status);
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    /** A certificate for this address, which is its own authority. */
    private SSLContext tls() throws IOException, GeneralSecurityException {
        Path store = directory.resolve("api.p12");
        keytool("-genkeypair", store, "-keyalg", "EC", "-dname", "CN=api", "-ext", "san=ip:127.0.0.1");
        keytool(
                "-exportcert",
                store,
                "-rfc",
                "-file",
                directory.resolve("ca.pem").toString());
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        return context;
    }

    private static void keytool(String what, Path store, String... more) throws IOException {
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                what,
                "-alias",
                "api",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                new String(PASSWORD)));
        words.addAll(List.of(more));
        Command.of(words).check(LIMIT, Map.of());
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
