package dev.sampo.internal.runtime;

import dev.sampo.internal.config.ClusterSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Where to ask for admission, as {@code host:port}. A member answers only to the very address it is known by, so what
 * means this node is written as this node writes it, and a name that others gave is tried with its addresses too.
 */
final class SeedAddresses {
    private SeedAddresses() {}

    /** Returns the seeds of the settings' list in its order, each once; then what their names resolve to. */
    static List<String> of(ClusterSettings cluster) {
        return of(cluster, cluster.seeds());
    }

    static List<String> of(ClusterSettings cluster, List<String> listed) {
        String own = cluster.host() + ":" + cluster.port();
        Set<InetAddress> ownAddresses = Set.copyOf(resolve(cluster.host()));
        Set<String> seeds = new LinkedHashSet<>();
        List<String> alternates = new ArrayList<>();
        for (String seed : listed) {
            int colon = seed.lastIndexOf(':');
            String host = seed.substring(0, colon);
            String port = seed.substring(colon + 1);
            List<InetAddress> addresses = resolve(host);
            boolean isOwn = Integer.parseInt(port) == cluster.port()
                    && (host.equals(cluster.host()) || addresses.stream().anyMatch(ownAddresses::contains));
            seeds.add(isOwn ? own : seed);
            if (!isOwn) {
                addresses.forEach(address -> alternates.add(text(address) + ":" + port));
            }
        }
        seeds.addAll(alternates);
        return List.copyOf(seeds);
    }

    /** Returns an address as it is written in front of a port. */
    static String text(InetAddress address) {
        String text = address.getHostAddress();
        return text.indexOf(':') < 0 ? text : "[" + text + "]";
    }

    private static List<InetAddress> resolve(String host) {
        try {
            return Arrays.asList(InetAddress.getAllByName(host));
        } catch (UnknownHostException e) {
            return List.of(); // it may be known later; Pekko asks again each time
        }
    }
}
