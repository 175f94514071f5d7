package dev.sampo.internal.security;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** The names and addresses that a certificate is for (RFC 5280, section 4.2.1.6), matched as RFC 6125 has it. */
final class CertificateNames {
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|\\[?[0-9a-fA-F:.]*:[0-9a-fA-F:.%a-z]*]?");

    private CertificateNames() {}

    /** Returns the alternative names of a certificate, host names and addresses. */
    static List<String> of(X509Certificate certificate) {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> all = certificate.getSubjectAlternativeNames();
            if (all != null) {
                for (List<?> name : all) {
                    if (name.get(0).equals(DNS_NAME) || name.get(0).equals(IP_ADDRESS)) {
                        names.add(String.valueOf(name.get(1)));
                    }
                }
            }
        } catch (CertificateParsingException e) {
            // a certificate whose names cannot be read has none
        }
        return names;
    }

    /** Returns whether a node that is known by {@code host} may show the certificate. */
    static boolean cover(X509Certificate certificate, String host) {
        return of(certificate).stream().anyMatch(name -> matches(name, host));
    }

    private static boolean matches(String name, String host) {
        if (ADDRESS.matcher(host).matches()) {
            return ADDRESS.matcher(name).matches() && address(name).equals(address(host));
        }
        String wanted = host.toLowerCase(Locale.ROOT);
        String offered = name.toLowerCase(Locale.ROOT);
        int dot = wanted.indexOf('.');
        return offered.equals(wanted)
                || (offered.startsWith("*.") && dot > 0 && offered.substring(1).equals(wanted.substring(dot)));
    }

    /** One way of writing for each address; nothing is looked up, because it is one. */
    private static String address(String literal) {
        try {
            return InetAddress.getByName(literal).getHostAddress();
        } catch (UnknownHostException e) {
            return literal;
        }
    }
}
