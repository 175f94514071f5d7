package dev.sampo.internal.security;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what is in a PEM file (RFC 7468): certificates, and a private key of PKCS#8 (RFC 5958). The older forms of keys,
 * and keys with a password, are refused with the way to convert them.
 */
final class PemFile {
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]*)PRIVATE KEY-----([^-]*)-----END \\1PRIVATE KEY-----");
    /** What nodes sign with; a key knows its own algorithm, and no factory reads the key of another. */
    private static final List<String> ALGORITHMS = List.of("EC", "RSA");

    private PemFile() {}

    /**
     * Returns the certificates of a file, at least one, in their order.
     *
     * @throws GeneralSecurityException with what was expected, when there is none or one cannot be read
     */
    static List<X509Certificate> certificates(byte[] content) throws GeneralSecurityException {
        List<X509Certificate> found;
        try {
            found =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(content))
                            .stream()
                            .map(X509Certificate.class::cast)
                            .toList();
        } catch (CertificateException e) {
            throw new GeneralSecurityException(
                    "it cannot be read (" + e.getMessage() + "); expected certificates in PEM form", e);
        }
        if (found.isEmpty()) {
            throw new GeneralSecurityException(
                    "it holds no certificate; expected -----BEGIN CERTIFICATE----- and what follows");
        }
        return found;
    }

    /**
     * Returns the private key of a file.
     *
     * @throws GeneralSecurityException with what was expected; never with a part of the key
     */
    static PrivateKey privateKey(byte[] content) throws GeneralSecurityException {
        Matcher matcher = KEY.matcher(new String(content, StandardCharsets.ISO_8859_1));
        if (!matcher.find()) {
            throw new GeneralSecurityException(
                    "it holds no private key; expected -----BEGIN PRIVATE KEY----- and what follows");
        }
        String form = matcher.group(1).strip();
        if (!form.isEmpty()) {
            throw new GeneralSecurityException("it holds "
                    + (form.equals("ENCRYPTED") ? "a key with a password" : "a key in the form '" + form + "'")
                    + "; expected PKCS#8 without a password, as openssl pkcs8 -topk8 -nodes makes it");
        }
        PKCS8EncodedKeySpec encoded;
        try {
            encoded = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(matcher.group(2)));
        } catch (IllegalArgumentException e) {
            throw new GeneralSecurityException("its key is damaged; expected Base64 of PKCS#8", e);
        }
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
            } catch (java.security.spec.InvalidKeySpecException e) {
                // of another algorithm, or damaged: said below
            }
        }
        throw new GeneralSecurityException("its key cannot be read; expected an EC or RSA key of PKCS#8");
    }
}
