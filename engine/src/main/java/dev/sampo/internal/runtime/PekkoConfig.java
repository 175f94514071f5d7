package dev.sampo.internal.runtime;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import dev.sampo.internal.cluster.MemberRoles;
import dev.sampo.internal.cluster.MembershipSetup;
import dev.sampo.internal.config.ClusterSettings;
import dev.sampo.internal.protocol.ClusterProtocol;
import java.util.List;
import java.util.Map;

/**
 * The configuration of the engine's own actor system. It is made of private copies of Pekko's defaults and the engine's
 * choices alone: neither the host's {@code application.conf}, nor its system properties, nor a shaded jar that lost all
 * but one {@code reference.conf} can change it.
 */
final class PekkoConfig {
    /**
     * The name of every node's actor system. It is part of each address, and a node that asks under another name is not
     * even answered; so it is the same for all clusters, and {@link JoinCheck} compares the names of clusters.
     */
    static final String SYSTEM = "sampo";

    private static final String FOLDER = "dev/sampo/internal/runtime/";

    /** The libraries of the engine that have defaults, those that others build on first. */
    private static final List<String> LIBRARIES = List.of(
            "actor",
            "actor-typed",
            "stream",
            "serialization-jackson",
            "ssl-config",
            "coordination",
            "remote",
            "cluster",
            "cluster-tools",
            "distributed-data",
            "cluster-typed");

    private static final int EVERY_MEMBER = 100_000;

    private PekkoConfig() {}

    /** Returns the configuration of an embedded engine, which is no member of any cluster. */
    static Config local() {
        return resource("local.conf").withFallback(defaults()).resolve(ConfigResolveOptions.noSystem());
    }

    /**
     * Returns the configuration of a member of a cluster.
     *
     * @param joining where it is, and how it becomes a member
     * @param overrides the {@code pekko} keys of the node's own configuration win over the engine's
     * @param roles the roles of the member
     */
    static Config member(Joining joining, Config overrides, List<String> roles) {
        ClusterSettings cluster = joining.settings();
        FoundFinder found = joining.found();
        Config member = ConfigFactory.parseMap(Map.of(
                "pekko.remote.artery.canonical.hostname",
                cluster.host(),
                "pekko.remote.artery.canonical.port",
                cluster.port(),
                "pekko.cluster.roles",
                roles,
                "pekko.cluster.seed-nodes",
                seedNodes(cluster),
                JoinCheck.CLUSTER,
                cluster.name(),
                JoinCheck.PROTOCOL,
                ClusterProtocol.VERSION,
                JoinCheck.PROGRAM,
                roles.contains(MemberRoles.COORDINATOR) ? "seed" : String.join("+", roles)));
        // Every seed watches every member, so that the seeds alone can judge; the others judge nobody.
        Config watching = roles.contains(MemberRoles.COORDINATOR)
                ? ConfigFactory.parseMap(Map.of("pekko.cluster.monitored-by-nr-of-members", EVERY_MEMBER))
                : ConfigFactory.parseMap(Map.of(
                        "pekko.cluster.failure-detector.implementation-class",
                        SilentFailureDetector.class.getName(),
                        "pekko.cluster.monitored-by-nr-of-members",
                        1));
        Config own = found.complete(
                cluster,
                overrides.hasPath("pekko") ? overrides.withOnlyPath("pekko") : ConfigFactory.empty(),
                roles.contains(MemberRoles.COORDINATOR));
        return own.withFallback(member)
                .withFallback(watching)
                .withFallback(resource("cluster.conf"))
                .withFallback(defaults())
                .resolve(ConfigResolveOptions.noSystem());
    }

    /** Returns who decides on membership, as a part of the setup of a member's actor system. */
    static MembershipSetup membership(ClusterSettings cluster, String role) {
        return new MembershipSetup(cluster.downing(), role.equals(MemberRoles.COORDINATOR), System::nanoTime);
    }

    private static List<String> seedNodes(ClusterSettings cluster) {
        return cluster.discovery() == ClusterSettings.Discovery.LIST
                ? SeedAddresses.of(cluster).stream()
                        .map(seed -> "pekko://" + SYSTEM + "@" + seed)
                        .toList()
                : List.of();
    }

    private static Config defaults() {
        Config all = ConfigFactory.empty();
        for (String library : LIBRARIES) {
            all = resource("pekko/" + library + "/reference.conf").withFallback(all);
        }
        return all;
    }

    private static Config resource(String name) {
        return ConfigFactory.parseResources(
                PekkoConfig.class.getClassLoader(),
                FOLDER + name,
                ConfigParseOptions.defaults().setAllowMissing(false));
    }
}
