package dev.sampo.internal.runtime;

import dev.sampo.internal.config.ClusterSettings.DnsSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.TreeSet;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.InitialDirContext;

/**
 * Asks the domain name system for the seeds. Names with addresses go through the JDK's resolver, so that the hosts file
 * counts; service names (RFC 2782) and a name server of one's own through its DNS client.
 */
final class DnsSeeds {
    private static final String TIMEOUT_MILLIS = "2000";
    private static final String TRIES = "2";

    private final DnsSettings settings;

    DnsSeeds(DnsSettings settings) {
        this.settings = settings;
    }

    /**
     * Returns the seeds as {@code host:port}, in an order that is the same for every node. Blocks.
     *
     * @throws NamingException when the name is not known, or the name server does not answer
     */
    List<String> find() throws NamingException {
        TreeSet<String> found = new TreeSet<>();
        if (settings.name().startsWith("_")) {
            for (String record : records(settings.name(), "SRV")) {
                String[] fields = record.split(" "); // priority weight port target
                String target = fields[3].endsWith(".") ? fields[3].substring(0, fields[3].length() - 1) : fields[3];
                for (String address : addresses(target)) {
                    found.add(address + ":" + fields[2]);
                }
            }
        } else {
            for (String address : addresses(settings.name())) {
                found.add(address + ":" + settings.port());
            }
        }
        return List.copyOf(found);
    }

    private List<String> addresses(String name) throws NamingException {
        List<String> addresses = new ArrayList<>();
        try {
            if (settings.server().isEmpty()) {
                for (InetAddress address : InetAddress.getAllByName(name)) {
                    addresses.add(SeedAddresses.text(address));
                }
            } else {
                for (String address : records(name, "A")) {
                    addresses.add(SeedAddresses.text(InetAddress.getByName(address)));
                }
                for (String address : records(name, "AAAA")) {
                    addresses.add(SeedAddresses.text(InetAddress.getByName(address)));
                }
            }
        } catch (UnknownHostException e) {
            NamingException unknown = new NamingException("no address of " + name + " is known");
            unknown.initCause(e);
            throw unknown;
        }
        return addresses;
    }

    @SuppressWarnings({"BanJNDI", "JdkObsolete"}) // the DNS client gives texts, not objects; JNDI wants a Hashtable
    private List<String> records(String name, String type) throws NamingException {
        Hashtable<String, String> environment = new Hashtable<>();
        environment.put("java.naming.factory.initial", "com.sun.jndi.dns.DnsContextFactory");
        environment.put("java.naming.provider.url", "dns://" + settings.server());
        environment.put("com.sun.jndi.dns.timeout.initial", TIMEOUT_MILLIS);
        environment.put("com.sun.jndi.dns.timeout.retries", TRIES);
        InitialDirContext context = new InitialDirContext(environment);
        try {
            List<String> records = new ArrayList<>();
            Attribute attribute =
                    context.getAttributes(name, new String[] {type}).get(type);
            if (attribute != null) {
                NamingEnumeration<?> values = attribute.getAll();
                while (values.hasMore()) {
                    records.add(String.valueOf(values.next()));
                }
            }
            return records;
        } finally {
            context.close();
        }
    }
}
