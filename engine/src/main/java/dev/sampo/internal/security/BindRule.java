package dev.sampo.internal.security;

import dev.sampo.internal.config.SecuritySettings;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rule that what other machines can reach is protected: without certificates a node binds to loopback only, and an API
 * that other machines reach has both HTTPS and tokens. A name counts as loopback when all its addresses are.
 */
public final class BindRule {
    private static final Logger LOG = LoggerFactory.getLogger(BindRule.class);
    private static final String TLS = "set sampo.security.tls (see: sampo certs)";

    private final SecuritySettings settings;

    /** Creates the rule of one node. */
    public BindRule(SecuritySettings settings) {
        this.settings = settings;
    }

    /**
     * Decides about the address of the cluster port or the data port. May ask the name service.
     *
     * @param key the setting that has the host
     * @throws SampoException {@link ErrorCode#CONFIG_INVALID} when the address may not be bound
     */
    public void checkNode(String key, String host) {
        boolean local = isLoopback(key, host);
        if (settings.tls().isPresent()) {
            return;
        }
        if (local) {
            LOG.info("Without certificates this node is reached from its own machine only, at {}", host);
        } else {
            refuse(key, host, "this node has no certificates", TLS);
        }
    }

    /**
     * Decides about the address of the HTTP API. May ask the name service.
     *
     * @param key the setting that has the host
     * @throws SampoException {@link ErrorCode#CONFIG_INVALID} when the address may not be bound
     */
    public void checkApi(String key, String host) {
        if (isLoopback(key, host)) {
            return;
        }
        if (settings.tls().isEmpty()) {
            refuse(key, host, "the API has no certificate, so that tokens and data would travel in clear", TLS);
        } else if (settings.tokensFile().isEmpty()) {
            refuse(
                    key,
                    host,
                    "the API has no tokens, so that anybody could run code on the workers",
                    "set sampo.security.api.tokens-file (see: sampo token)");
        }
    }

    private void refuse(String key, String host, String problem, String remedy) {
        if (settings.allowInsecure()) {
            LOG.warn(
                    "INSECURE: {} = {} is reached by other machines, and {}; sampo.security.allow-insecure lets it be",
                    key,
                    host,
                    problem);
            return;
        }
        throw new SampoException(
                ErrorCode.CONFIG_INVALID,
                key + ": " + host + " is reached by other machines, and " + problem
                        + "; expected a loopback address such as 127.0.0.1; or " + remedy
                        + "; or, where nobody else is on the network, sampo.security.allow-insecure = true");
    }

    private static boolean isLoopback(String key, String host) {
        try {
            return Arrays.stream(InetAddress.getAllByName(host)).allMatch(InetAddress::isLoopbackAddress);
        } catch (UnknownHostException e) {
            throw new SampoException(
                    ErrorCode.CONFIG_INVALID,
                    key + ": the name service does not know " + host
                            + "; expected an address of this machine or a name for one",
                    e);
        }
    }
}
