package dev.sampo.internal.runtime;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.sampo.internal.config.EngineSettings;
import dev.sampo.internal.security.ApiTokens;
import dev.sampo.internal.security.BindRule;
import dev.sampo.internal.security.NodeTls;
import dev.sampo.internal.security.PeerProbe;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.remote.artery.tcp.SSLEngineProviderSetup;

/**
 * How one node is protected: its certificates, the tokens of its API, and the rule about addresses. Made before anything
 * of the node listens.
 */
public final class NodeSecurity {
    private static final String HOST = "sampo.cluster.host";
    private static final String CANONICAL = "pekko.remote.artery.canonical.hostname";
    private static final String BIND = "pekko.remote.artery.bind.hostname";

    private static final Duration PROBE_LIMIT = Duration.ofSeconds(2);

    private final Config member;
    private final Optional<NodeTls> tls;
    private final Optional<ApiTokens> tokens;
    private final BindRule rule;

    private NodeSecurity(Config member, Optional<NodeTls> tls, Optional<ApiTokens> tokens, BindRule rule) {
        this.member = member;
        this.tls = tls;
        this.tokens = tokens;
        this.rule = rule;
    }

    /**
     * Reads what protects a node, and decides whether it may be reached at its addresses.
     *
     * @param member the configuration of its actor system
     * @throws SampoException {@link ErrorCode#CONFIG_INVALID} when certificates or tokens cannot be used, when other
     *     machines would reach a node without certificates, or when those it has are not for its host
     */
    static NodeSecurity open(EngineSettings settings, Config member, InstantSource clock) {
        BindRule rule = new BindRule(settings.security());
        String known = member.getString(CANONICAL);
        String bound = member.getString(BIND);
        Optional<NodeTls> tls = NodeTls.of(settings.security(), clock);
        Optional<ApiTokens> tokens = ApiTokens.of(settings.security(), clock);
        // data is served at this address, whatever Pekko's own keys say
        rule.checkNode(HOST, settings.cluster().host());
        if (!known.equals(settings.cluster().host())) {
            rule.checkNode(CANONICAL, known);
        }
        if (!bound.isEmpty()) {
            rule.checkNode(BIND, bound);
        }
        tls.ifPresent(certificates -> certificates.requireName(HOST, known));
        return new NodeSecurity(member, tls, tokens, rule);
    }

    /** Returns the certificates; empty for plain connections. */
    public Optional<NodeTls> tls() {
        return tls;
    }

    /** Says in words why seeds cannot be reached, each in a sentence; nothing of those that can. Blocks for seconds. */
    List<String> problemsOf(List<String> seeds) {
        PeerProbe probe = new PeerProbe(tls.orElse(null), PROBE_LIMIT);
        return seeds.stream()
                .map(seed -> probe.problem(host(seed), port(seed)))
                .flatMap(Optional::stream)
                .toList();
    }

    private static String host(String seed) {
        return seed.substring(0, Math.max(0, seed.lastIndexOf(':')));
    }

    private static int port(String seed) {
        return Integer.parseInt(seed.substring(seed.lastIndexOf(':') + 1));
    }

    /** Returns the tokens of the API; empty for one that asks for none. */
    public Optional<ApiTokens> tokens() {
        return tokens;
    }

    /**
     * Fails when the API may not be bound to an address: other machines reach it, and it has no HTTPS or no tokens.
     *
     * @param key the setting that has the host
     * @throws SampoException {@link ErrorCode#CONFIG_INVALID}
     */
    public void requireApiAddress(String key, String host) {
        rule.checkApi(key, host);
    }

    /** Returns what the actor system of the member starts with, its transport protected. */
    ActorSystemSetup setup(ClassLoader loader) {
        if (tls.isEmpty()) {
            return ActorSystemSetup.create(BootstrapSetup.create(member).withClassloader(loader));
        }
        NodeTls certificates = tls.get();
        Config config = ConfigFactory.parseMap(Map.of("pekko.remote.artery.transport", "tls-tcp"))
                .withFallback(member);
        return ActorSystemSetup.create(
                BootstrapSetup.create(config).withClassloader(loader),
                SSLEngineProviderSetup.create(system -> new ArteryTls(certificates)));
    }
}
