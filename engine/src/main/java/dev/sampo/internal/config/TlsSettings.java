package dev.sampo.internal.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Where the certificates of a node are. What is in the files is checked by those who load them.
 *
 * @param certificate PEM file with the node's certificate, and those between it and the CA
 * @param key PEM file with its private key
 * @param ca PEM file with the certificate of the cluster's CA
 * @param reload how long a change of the files may go unnoticed
 */
public record TlsSettings(Path certificate, Path key, Path ca, Duration reload) {
    /** The path of the section, for messages about the files. */
    public static final String PATH = "sampo.security.tls";

    private static final String CERTIFICATE = "certificate";
    private static final String KEY = "key";
    private static final String CA = "ca";

    static Optional<TlsSettings> from(ConfigReader reader, Duration reload) {
        Optional<Path> certificate = reader.pathOrNone(CERTIFICATE);
        Optional<Path> key = reader.pathOrNone(KEY);
        Optional<Path> ca = reader.pathOrNone(CA);
        if (certificate.isEmpty() && key.isEmpty() && ca.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new TlsSettings(
                required(reader, CERTIFICATE, certificate),
                required(reader, KEY, key),
                required(reader, CA, ca),
                reload));
    }

    private static Path required(ConfigReader reader, String key, Optional<Path> file) {
        if (file.isEmpty()) {
            reader.refuse(key, "a path, because another key of " + PATH + " is set: all three, or none");
            return Path.of("");
        }
        requireReadable(reader, key, file.get());
        return file.get();
    }

    static void requireReadable(ConfigReader reader, String key, Path file) {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            reader.refuse(key, "a file that exists and that this process may read");
        }
    }
}
