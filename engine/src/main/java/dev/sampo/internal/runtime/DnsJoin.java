package dev.sampo.internal.runtime;

import dev.sampo.internal.config.ClusterSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.naming.NamingException;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.AddressFromURIString;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.JoinSeedNodes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Joins the seeds that the domain name system lists, asking again until the node is a member. One thread, a daemon. */
final class DnsJoin implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(DnsJoin.class);

    /** Longer than a first seed waits for the others before it forms a cluster. */
    private static final Duration RETRY = Duration.ofSeconds(8);

    /** How soon to look again for a name that is not there yet. */
    private static final Duration RETRY_WHEN_NONE = Duration.ofSeconds(1);

    private final ActorSystem<?> system;
    private final ClusterSettings settings;
    private final DnsSeeds dns;
    private final boolean seed;
    private final SecondSeed second;
    private String said = "";

    /**
     * Starts nothing yet.
     *
     * @param seed whether this node is a seed
     */
    DnsJoin(ActorSystem<?> system, ClusterSettings settings, boolean seed) {
        this.system = system;
        this.seed = seed;
        this.second = new SecondSeed(settings.dns().seeds());
        this.settings = settings;
        this.dns = new DnsSeeds(settings.dns());
    }

    /** Starts asking. */
    void start() {
        Thread thread = new Thread(this, "sampo-seeds");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void run() {
        Cluster cluster = Cluster.get(system);
        boolean ended = false;
        while (!ended && cluster.selfMember().status().equals(MemberStatus.removed())) {
            List<Address> seeds = usable(cluster.selfMember().address());
            if (!seeds.isEmpty()) {
                cluster.manager().tell(new JoinSeedNodes(seeds));
            }
            ended = endsWithin(seeds.isEmpty() ? RETRY_WHEN_NONE : RETRY);
        }
    }

    /** Returns whom to ask, first the one that may form a cluster; without this node where too few are there for that. */
    private List<Address> usable(Address self) {
        String name = settings.dns().name();
        List<String> found;
        try {
            found = SeedAddresses.of(settings, dns.find());
        } catch (NamingException e) {
            say("no seeds by DNS: " + e.getMessage() + "; asks again");
            return List.of();
        }
        if (seed && !found.isEmpty()) {
            String own = self.getHost().orElse("") + ":" + self.getPort().orElse(0);
            switch (second.on(found, own, System.nanoTime())) {
                case REFUSE -> {
                    NodeEnd.refuse(system, SecondSeed.reason(name, found));
                    return List.of();
                }
                case WAIT -> {
                    say(SecondSeed.reason(name, found) + "; waits for another");
                    return List.of();
                }
                case JOIN -> LOG.debug("{} lists no second seed of two", name);
            }
        }
        List<Address> seeds = new ArrayList<>();
        for (String each : found) {
            seeds.add(AddressFromURIString.parse("pekko://" + system.name() + "@" + each));
        }
        if (seeds.contains(self) && seeds.size() < settings.dns().seeds()) {
            say(name + " lists " + found + "; a cluster is formed when there are "
                    + settings.dns().seeds());
            seeds.remove(self);
        } else {
            say(name + " lists " + found);
        }
        return seeds;
    }

    private void say(String what) {
        if (!what.equals(said)) {
            LOG.info(what);
            said = what;
        }
    }

    private boolean endsWithin(Duration time) {
        try {
            system.getWhenTerminated().toCompletableFuture().get(time.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        } catch (ExecutionException e) {
            return true;
        }
    }
}
