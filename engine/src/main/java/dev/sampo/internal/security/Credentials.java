package dev.sampo.internal.security;

import dev.sampo.internal.config.TlsSettings;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A node's certificate, its key and the CA, read from their files once and found to go together.
 *
 * @param chain the certificate, and those between it and the CA
 * @param key its private key
 * @param authorities the certificates of the cluster's CA, more than one while it changes
 */
record Credentials(List<X509Certificate> chain, PrivateKey key, List<X509Certificate> authorities) {
    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    private static final String SAMPLE = "a text that only the holder of the key can sign";

    /** The bytes of the three files; another value when one of them has changed. */
    record Source(byte[] certificate, byte[] key, byte[] ca) {
        /** Reads the files. */
        static Source read(TlsSettings settings) {
            List<String> problems = new ArrayList<>();
            Source source = new Source(
                    read("certificate", settings.certificate(), problems),
                    read("key", settings.key(), problems),
                    read("ca", settings.ca(), problems));
            throwIfAny(problems);
            return source;
        }

        private static byte[] read(String key, Path file, List<String> problems) {
            try {
                return Files.readAllBytes(file);
            } catch (IOException e) {
                problems.add(place(key, file) + "it cannot be read (" + e + "); expected a PEM file");
                return new byte[0];
            }
        }

        boolean hasSameBytes(Source other) {
            return java.util.Arrays.equals(certificate, other.certificate)
                    && java.util.Arrays.equals(key, other.key)
                    && java.util.Arrays.equals(ca, other.ca);
        }
    }

    /** Copies the lists. */
    Credentials {
        chain = List.copyOf(chain);
        authorities = List.copyOf(authorities);
    }

    /**
     * Makes sense of what is in the files.
     *
     * @throws SampoException {@link ErrorCode#CONFIG_INVALID} with all problems and the files they are in
     */
    static Credentials of(Source source, TlsSettings settings, Instant now) {
        List<String> problems = new ArrayList<>();
        List<X509Certificate> chain =
                certificates("certificate", settings.certificate(), source.certificate(), problems);
        List<X509Certificate> authorities = certificates("ca", settings.ca(), source.ca(), problems);
        PrivateKey key = key(settings.key(), source.key(), problems);
        if (!chain.isEmpty()) {
            String place = place("certificate", settings.certificate());
            checkTime(place, chain.get(0), now, problems);
            checkUse(place, chain.get(0), problems);
            if (key != null && !isPair(key, chain.get(0))) {
                problems.add(place("key", settings.key()) + "it is not the key of the certificate in "
                        + settings.certificate() + "; expected the one that belongs to it");
            }
        }
        for (X509Certificate authority : authorities) {
            checkAuthority(place("ca", settings.ca()), authority, now, problems);
        }
        // the other problems, if any, would be found here once more, in words that help less
        if (problems.isEmpty()) {
            checkIssuer(settings, chain, authorities, now, problems);
        }
        throwIfAny(problems);
        if (key == null) {
            throw new IllegalStateException("no key, and no problem with it");
        }
        return new Credentials(chain, key, authorities);
    }

    /**
     * Reads the certificates of authorities alone.
     *
     * @param key the setting or option that names the file
     * @throws SampoException {@link ErrorCode#CONFIG_INVALID} when there are none that can be used
     */
    static List<X509Certificate> authorities(String key, Path file, Instant now) {
        List<String> problems = new ArrayList<>();
        List<X509Certificate> authorities = List.of();
        try {
            authorities = PemFile.certificates(Files.readAllBytes(file));
        } catch (IOException | GeneralSecurityException e) {
            problems.add(key + ": " + file + ": " + text(e));
        }
        for (X509Certificate authority : authorities) {
            checkAuthority(key + ": " + file + ": ", authority, now, problems);
        }
        throwIfAny(problems);
        return authorities;
    }

    private static String text(Exception e) {
        return e instanceof IOException
                ? "it cannot be read (" + e + "); expected certificates in PEM form"
                : String.valueOf(e.getMessage());
    }

    private static List<X509Certificate> certificates(String key, Path file, byte[] content, List<String> problems) {
        try {
            return PemFile.certificates(content);
        } catch (GeneralSecurityException e) {
            problems.add(place(key, file) + e.getMessage());
            return List.of();
        }
    }

    private static @Nullable PrivateKey key(Path file, byte[] content, List<String> problems) {
        try {
            return PemFile.privateKey(content);
        } catch (GeneralSecurityException e) {
            problems.add(place("key", file) + e.getMessage());
            return null;
        }
    }

    private static void checkTime(String place, X509Certificate certificate, Instant now, List<String> problems) {
        Instant from = certificate.getNotBefore().toInstant();
        Instant until = certificate.getNotAfter().toInstant();
        if (until.isBefore(now)) {
            problems.add(place + "it expired on " + until + "; expected one that is valid now, " + now);
        } else if (from.isAfter(now)) {
            problems.add(place + "it is valid from " + from + " only; expected one that is valid now, " + now);
        }
    }

    private static void checkUse(String place, X509Certificate certificate, List<String> problems) {
        try {
            List<String> uses = certificate.getExtendedKeyUsage();
            if (uses != null && !uses.containsAll(List.of(CLIENT_AUTH, SERVER_AUTH))) {
                problems.add(place + "it is for the uses " + uses + " only; expected clientAuth and serverAuth, because"
                        + " a node is both ends of TLS");
            }
        } catch (GeneralSecurityException e) {
            problems.add(place + "its uses cannot be read (" + e.getMessage() + "); expected a certificate of X.509");
        }
    }

    private static void checkAuthority(String place, X509Certificate authority, Instant now, List<String> problems) {
        checkTime(place, authority, now, problems);
        if (authority.getBasicConstraints() < 0) {
            problems.add(place + "'" + authority.getSubjectX500Principal().getName()
                    + "' is no certificate of a CA; expected one that may issue others");
        }
    }

    private static boolean isPair(PrivateKey key, X509Certificate certificate) {
        String algorithm = key.getAlgorithm();
        if (!algorithm.equals(certificate.getPublicKey().getAlgorithm())) {
            return false;
        }
        byte[] sample = SAMPLE.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        try {
            Signature signature = Signature.getInstance(algorithm.equals("EC") ? "SHA256withECDSA" : "SHA256withRSA");
            signature.initSign(key);
            signature.update(sample);
            byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update(sample);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static void checkIssuer(
            TlsSettings settings,
            List<X509Certificate> chain,
            List<X509Certificate> authorities,
            Instant now,
            List<String> problems) {
        Set<TrustAnchor> anchors =
                authorities.stream().map(ca -> new TrustAnchor(ca, null)).collect(Collectors.toSet());
        try {
            PKIXParameters parameters = new PKIXParameters(anchors);
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(now));
            CertPathValidator.getInstance("PKIX")
                    .validate(CertificateFactory.getInstance("X.509").generateCertPath(chain), parameters);
        } catch (GeneralSecurityException e) {
            problems.add(place("certificate", settings.certificate()) + "it was issued by '"
                    + chain.get(chain.size() - 1).getIssuerX500Principal().getName() + "' ("
                    + e.getMessage() + "); expected a certificate of the CA in " + settings.ca());
        }
    }

    private static String place(String key, Path file) {
        return TlsSettings.PATH + "." + key + ": " + file + ": ";
    }

    private static void throwIfAny(List<String> problems) {
        if (!problems.isEmpty()) {
            throw new SampoException(
                    ErrorCode.CONFIG_INVALID,
                    problems.stream()
                            .map(problem -> "\n  " + problem)
                            .collect(Collectors.joining("", "certificates cannot be used:", "")));
        }
    }
}
