package dev.sampo.cli;

import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Makes a CA for one cluster and the certificates of its nodes, for a trial. It writes new files only. */
@Command(
        name = "certs",
        description = {
            "Makes a CA of your cluster and certificates of its nodes, for a trial; with a folder that has a CA, more nodes of it.",
            "Whoever has ca-key.pem can make a node, and so run code on all others: keep it where no node runs."
        })
final class CertsCommand implements Callable<Integer> {
    private static final String AUTHORITY = "ca";
    private static final int MOST_DAYS = 3650;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
    private static final Pattern HOST = Pattern.compile(
            "(\\*\\.)?[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*");
    private static final List<String> LOCAL = List.of("localhost", "127.0.0.1");

    @Option(names = "--out", paramLabel = "DIR", description = "Where the files go (default: ${DEFAULT-VALUE})")
    private Path folder = Path.of("certs");

    @Option(
            names = "--node",
            paramLabel = "NAME[:HOST,HOST]",
            description = {
                "A node, and the names and addresses others know it by; may be repeated",
                "(default: node:localhost,127.0.0.1)"
            })
    private List<String> nodes = List.of("node");

    @Option(
            names = "--days",
            paramLabel = "N",
            description = "How long the nodes' certificates are valid (default: ${DEFAULT-VALUE}); the CA's, ten years")
    private int days = 365;

    /** Injected by picocli. */
    @SuppressWarnings("NullAway.Init")
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (days < 1 || days > MOST_DAYS) {
            throw usage("--days: " + days + "; expected a number from 1 to " + MOST_DAYS);
        }
        Map<String, List<String>> wanted = wanted();
        try {
            Files.createDirectories(folder);
            make(wanted);
        } catch (IOException e) {
            throw new SampoException(
                    ErrorCode.OUTPUT_UNWRITABLE,
                    folder + " cannot be written: " + e + "; expected a folder this user may write",
                    e);
        } catch (GeneralSecurityException e) {
            throw new SampoException(
                    ErrorCode.INTERNAL, "no certificate can be made: " + e + "; expected a JDK with EC keys", e);
        }
        return ExitCode.OK.number();
    }

    private Map<String, List<String>> wanted() {
        Map<String, List<String>> wanted = new LinkedHashMap<>();
        for (String node : nodes) {
            int colon = node.indexOf(':');
            String name = colon < 0 ? node : node.substring(0, colon);
            List<String> hosts = colon < 0
                    ? LOCAL
                    : Arrays.stream(node.substring(colon + 1).split(",", -1))
                            .map(String::strip)
                            .toList();
            if (!NAME.matcher(name).matches() || name.equals(AUTHORITY) || name.endsWith("-key")) {
                throw usage("--node: " + node + "; expected a name of letters, digits, '.', '_' and '-', other than"
                        + " 'ca' and without '-key' at its end");
            }
            for (String host : hosts) {
                if (!CertificateMaker.isAddress(host) && !HOST.matcher(host).matches()) {
                    throw usage(
                            "--node: " + node + ": '" + host + "'; expected host names and addresses after the colon");
                }
            }
            if (wanted.put(name, hosts) != null) {
                throw usage("--node: " + name + " twice; expected each node once");
            }
        }
        return wanted;
    }

    private void make(Map<String, List<String>> wanted) throws IOException, GeneralSecurityException {
        List<Path> existing = wanted.keySet().stream()
                .flatMap(name -> Stream.of(certificate(name), key(name)))
                .filter(Files::exists)
                .toList();
        if (!existing.isEmpty()) {
            throw new SampoException(
                    ErrorCode.OUTPUT_EXISTS,
                    existing + " exist already; expected new names, or another --out: nothing is overwritten");
        }
        CertificateMaker maker = new CertificateMaker(Instant.now());
        CertificateMaker.Issued authority = authority(maker);
        PrintStream out = SampoCommand.streams(spec).out();
        for (Map.Entry<String, List<String>> node : wanted.entrySet()) {
            CertificateMaker.Issued issued = maker.node(authority, node.getKey(), node.getValue(), days);
            PrivateFile.create(key(node.getKey()), CertificateMaker.pem(issued.key()));
            Files.writeString(
                    certificate(node.getKey()),
                    CertificateMaker.pem(issued.certificate()),
                    java.nio.file.StandardOpenOption.CREATE_NEW);
            print(out, node.getKey(), node.getValue(), issued.certificate());
        }
    }

    private void print(PrintStream out, String node, List<String> hosts, X509Certificate certificate) {
        out.println("# node " + node + ", for " + String.join(", ", hosts) + ", valid until "
                + certificate.getNotAfter().toInstant());
        out.println("sampo.security.tls {");
        out.println("  certificate = \"" + quoted(certificate(node)) + "\"");
        out.println("  key = \"" + quoted(key(node)) + "\"");
        out.println("  ca = \"" + quoted(certificate(AUTHORITY)) + "\"");
        out.println("}");
    }

    private static String quoted(Path file) {
        return file.toAbsolutePath()
                .normalize()
                .toString()
                .replace("\\", "\\\\")
                .replace("\"", "\\\"");
    }

    private CertificateMaker.Issued authority(CertificateMaker maker) throws IOException, GeneralSecurityException {
        Path certificate = certificate(AUTHORITY);
        Path key = key(AUTHORITY);
        if (Files.exists(certificate) && Files.exists(key)) {
            return read(certificate, key);
        }
        if (Files.exists(certificate) || Files.exists(key)) {
            throw new SampoException(
                    ErrorCode.INPUT_NOT_FOUND,
                    (Files.exists(key) ? certificate : key) + " is missing; expected both files of the CA in " + folder
                            + ", or none");
        }
        CertificateMaker.Issued authority = maker.authority(MOST_DAYS);
        PrivateFile.create(key, CertificateMaker.pem(authority.key()));
        Files.writeString(
                certificate,
                CertificateMaker.pem(authority.certificate()),
                java.nio.file.StandardOpenOption.CREATE_NEW);
        return authority;
    }

    private static CertificateMaker.Issued read(Path certificate, Path key) throws IOException {
        List<Exception> problems = new ArrayList<>();
        try (PEMParser parser = new PEMParser(new StringReader(Files.readString(key)));
                java.io.InputStream in = Files.newInputStream(certificate)) {
            if (parser.readObject() instanceof PrivateKeyInfo info) {
                PrivateKey own = new JcaPEMKeyConverter().getPrivateKey(info);
                return new CertificateMaker.Issued(
                        (X509Certificate)
                                CertificateFactory.getInstance("X.509").generateCertificate(in),
                        own);
            }
        } catch (GeneralSecurityException | IOException e) {
            problems.add(e);
        }
        throw new SampoException(
                ErrorCode.INPUT_CORRUPT,
                "the CA in " + certificate + " and " + key + " cannot be read " + problems
                        + "; expected what sampo certs made");
    }

    private Path certificate(String name) {
        return folder.resolve(name + ".pem");
    }

    private Path key(String name) {
        return folder.resolve(name + "-key.pem");
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
