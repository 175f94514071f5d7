package dev.sampo.internal.config;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Where a node is in a cluster. An embedded engine reads none of this.
 *
 * @param name the name of the cluster; nodes of another name are refused
 * @param host the address the node binds to and is known by
 * @param port the port for control messages; 0 for one the system chooses
 * @param dataPort the port for segments, blobs and parts of results; 0 for one the system chooses
 * @param work whether a member that submits also runs attempts
 * @param seeds the seeds of the cluster, each as {@code host:port}; empty for a lone seed, which joins itself
 * @param discovery how the seeds are found
 * @param dns where they are found when by DNS
 * @param kubernetes where they are found when by the API of Kubernetes
 * @param downing when seeds take a member out
 * @param rejoin what a node does that lost the cluster
 */
public record ClusterSettings(
        String name,
        String host,
        int port,
        int dataPort,
        boolean work,
        List<String> seeds,
        Discovery discovery,
        DnsSettings dns,
        KubernetesSettings kubernetes,
        DowningSettings downing,
        RejoinSettings rejoin) {
    private static final Pattern HOST_AND_PORT = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^\\s:/@\\[\\]]+):(\\d{1,5})");
    private static final int MOST_PORTS = 65_535;
    private static final int MOST_SEEDS = 100;

    /** Why there are never two seeds. */
    public static final String NOT_TWO = "one seed, or three or more: of two, the loss of one leaves no majority, and"
            + " the cluster ends with it as if there were one";

    /** How seeds are found. */
    public enum Discovery {
        /** They are named in the settings. */
        LIST,
        /** A name of the domain name system lists them. */
        DNS,
        /** The API of Kubernetes lists their pods. */
        KUBERNETES
    }

    /**
     * Where the domain name system lists the seeds.
     *
     * @param name a name with addresses, or a service name with SRV records, which begins with an underscore; empty
     *     unless seeds are found so
     * @param port the port of seeds found by address; an SRV record has its own
     * @param seeds how many the name lists when all are there; fewer do not form a cluster
     * @param server the name server to ask, as host or {@code host:port}; empty for those of the system
     */
    public record DnsSettings(String name, int port, int seeds, String server) {
        /** For nodes that find their seeds in another way. */
        public static final DnsSettings NONE = new DnsSettings("", 0, 1, "");

        static DnsSettings from(ConfigReader reader, boolean used) {
            String name = reader.string("name");
            int port = reader.integer("port", 1, MOST_PORTS);
            int seeds = seedCount(reader);
            String server = reader.string("server");
            if (used && name.equals("none")) {
                reader.refuse("name", "a name that lists the seeds, because sampo.cluster.discovery is dns");
            }
            return used ? new DnsSettings(name, port, seeds, server.equals("auto") ? "" : server) : NONE;
        }
    }

    /**
     * Which pods are seeds.
     *
     * @param podLabels the label selector that all seeds match, and nothing else
     * @param namespace the namespace of the pods; empty for the node's own
     * @param port the port at which seeds tell one another, and workers, which cluster they are in
     * @param seeds how many there are when all of them run; fewer do not form a cluster
     */
    public record KubernetesSettings(String podLabels, String namespace, int port, int seeds) {
        static KubernetesSettings from(ConfigReader reader) {
            String namespace = reader.string("namespace");
            return new KubernetesSettings(
                    reader.string("pod-labels"),
                    namespace.equals("auto") ? "" : namespace,
                    reader.integer("port", 1, MOST_PORTS),
                    seedCount(reader));
        }
    }

    private static int seedCount(ConfigReader reader) {
        int seeds = reader.integer("seeds", 1, MOST_SEEDS);
        if (seeds == 2) {
            reader.refuse("seeds", NOT_TWO);
        }
        return seeds;
    }

    /** Copies the list. */
    public ClusterSettings {
        seeds = List.copyOf(seeds);
    }

    static ClusterSettings from(ConfigReader reader) {
        List<String> seeds = reader.texts("seeds");
        if (!seeds.stream().allMatch(ClusterSettings::isHostAndPort)) {
            reader.refuse("seeds", "HOST:PORT each, with a port from 1 to " + MOST_PORTS);
        } else if (seeds.stream().distinct().count() == 2) {
            reader.refuse("seeds", NOT_TWO);
        }
        Discovery discovery = reader.enumeration("discovery", Discovery.class);
        return new ClusterSettings(
                reader.string("name"),
                reader.string("host"),
                reader.integer("port", 0, MOST_PORTS),
                reader.integer("data-port", 0, MOST_PORTS),
                reader.bool("work"),
                seeds.stream().distinct().toList(),
                discovery,
                DnsSettings.from(reader.section("dns"), discovery == Discovery.DNS),
                KubernetesSettings.from(reader.section("kubernetes")),
                DowningSettings.from(reader.section("downing")),
                RejoinSettings.from(reader.section("rejoin")));
    }

    private static boolean isHostAndPort(String seed) {
        var matcher = HOST_AND_PORT.matcher(seed);
        if (!matcher.matches()) {
            return false;
        }
        int port = Integer.parseInt(matcher.group(2));
        return port > 0 && port <= MOST_PORTS;
    }
}
