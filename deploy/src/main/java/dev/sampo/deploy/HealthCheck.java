package dev.sampo.deploy;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Asks a seed for {@code /health} or {@code /ready}, for platforms that run a command in the container to know. */
final class HealthCheck {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final int OK = 0;
    private static final int UNHEALTHY = 1;

    private HealthCheck() {}

    /**
     * Asks, and returns the exit code: 0 when the answer is 200, else 1. Blocks for some seconds at most.
     *
     * @param arguments the address, and for HTTPS the file of the CA
     */
    static int run(List<String> arguments, PrintStream err) {
        if (arguments.isEmpty() || arguments.size() > 2) {
            err.println("sampo health: " + arguments + "; expected URL [CA-FILE]");
            return UNHEALTHY;
        }
        try {
            HttpClient.Builder client = HttpClient.newBuilder().connectTimeout(LIMIT);
            if (arguments.size() == 2) {
                client.sslContext(trusting(Path.of(arguments.get(1))));
            }
            HttpRequest request = HttpRequest.newBuilder(URI.create(arguments.get(0)))
                    .timeout(LIMIT)
                    .build();
            HttpResponse<String> answer = client.build().send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() == 200) {
                return OK;
            }
            err.println(
                    "sampo health: " + arguments.get(0) + " answered " + answer.statusCode() + ": " + answer.body());
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            err.println("sampo health: " + arguments.get(0) + ": " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return UNHEALTHY;
    }

    private static SSLContext trusting(Path ca) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        try (InputStream in = Files.newInputStream(ca)) {
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                trusted.setCertificateEntry("ca-" + trusted.size(), certificate);
            }
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return context;
    }
}
