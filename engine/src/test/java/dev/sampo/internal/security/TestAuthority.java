package dev.sampo.internal.security;

import dev.sampo.internal.config.TlsSettings;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A CA for tests, and the certificates it issues, right ones and wrong ones. */
public final class TestAuthority {
    /** How long certificates of this class are valid, from an hour ago. */
    private static final Duration VALID = Duration.ofDays(2);

    private final Path folder;
    private final String name;
    private final KeyPair keys;
    private final X509CertificateHolder certificate;
    private int serial = 1;

    /** Makes a CA whose files go to {@code folder}. */
    public TestAuthority(Path folder, String name) {
        this.folder = folder;
        this.name = name;
        this.keys = keys("EC");
        Instant now = Instant.now();
        this.certificate = issue(keys, name, name, new Term(now.minus(VALID), now.plus(VALID)), true);
        write(file(), certificate);
    }

    private record Term(Instant from, Instant until) {}

    /** Returns the file of the CA's certificate. */
    public Path file() {
        return folder.resolve(name + ".pem");
    }

    /** Issues a certificate of an EC key that is valid now. */
    public TlsSettings node(String node, String... hosts) {
        return nodeWithKey("EC", node, hosts);
    }

    /** Issues a certificate that is valid now. */
    public TlsSettings nodeWithKey(String algorithm, String node, String... hosts) {
        Instant now = Instant.now();
        return issued(algorithm, node, new Term(now.minus(Duration.ofHours(1)), now.plus(VALID)), hosts);
    }

    /** Issues a certificate that expired an hour ago. */
    public TlsSettings expired(String node, String... hosts) {
        Instant now = Instant.now();
        return issued("EC", node, new Term(now.minus(VALID), now.minus(Duration.ofHours(1))), hosts);
    }

    private TlsSettings issued(String algorithm, String node, Term term, String... hosts) {
        KeyPair own = keys(algorithm);
        Path certificateFile = folder.resolve(name + "-" + node + ".pem");
        Path keyFile = folder.resolve(name + "-" + node + "-key.pem");
        write(certificateFile, issue(own, name, node, term, false, hosts));
        try {
            write(keyFile, new JcaPKCS8Generator(own.getPrivate(), null).generate());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new TlsSettings(certificateFile, keyFile, file(), Duration.ofMillis(1));
    }

    private X509CertificateHolder issue(
            KeyPair subject, String issuerName, String subjectName, Term term, boolean isAuthority, String... hosts) {
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                new X500Name("CN=" + issuerName),
                BigInteger.valueOf(serial++),
                Date.from(term.from()),
                Date.from(term.until()),
                new X500Name("CN=" + subjectName),
                subject.getPublic());
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(isAuthority));
            if (hosts.length > 0) {
                builder.addExtension(
                        Extension.subjectAlternativeName,
                        false,
                        new GeneralNames(Arrays.stream(hosts)
                                .map(host -> new GeneralName(
                                        host.matches("[0-9.]+") ? GeneralName.iPAddress : GeneralName.dNSName, host))
                                .toArray(GeneralName[]::new)));
            }
            return builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()));
        } catch (CertIOException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair keys(String algorithm) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(algorithm.equals("EC") ? 256 : 2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void write(Path file, Object pem) {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(pem);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
