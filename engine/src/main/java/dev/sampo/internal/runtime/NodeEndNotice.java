package dev.sampo.internal.runtime;

import com.typesafe.config.Config;
import dev.sampo.internal.cluster.MemberRoles;
import dev.sampo.internal.config.EngineConfig;
import dev.sampo.internal.config.EngineSettings;
import dev.sampo.internal.model.DataAddress;
import dev.sampo.internal.protocol.ClusterProtocol;
import dev.sampo.internal.security.NodeTls;
import dev.sampo.internal.transfer.NoticeHandler;
import dev.sampo.internal.transfer.TransferClient;
import dev.sampo.internal.transfer.TransferLimits;
import dev.sampo.internal.transfer.TransferSecurity;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.ClusterSingleton;
import org.apache.pekko.cluster.typed.ClusterSingletonSettings;
import org.apache.pekko.cluster.typed.Down;
import org.apache.pekko.cluster.typed.SingletonActor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The word of a worker's parent process that the worker has died, told to a seed over its data port: so nobody needs to
 * wait until the failure detector has made up its mind. It names one life of the node, whose id only members know; what
 * comes late harms no other.
 */
public final class NodeEndNotice implements NoticeHandler {
    static final String KIND = "node-ended";

    private static final Logger LOG = LoggerFactory.getLogger(NodeEndNotice.class);
    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final int FIELDS = 4;

    private final CompletableFuture<ActorSystem<?>> started = new CompletableFuture<>();

    NodeEndNotice() {}

    /** Says whose cluster it is about, once that is there. */
    void attach(ActorSystem<?> system) {
        started.complete(system);
    }

    /**
     * Tells the seed that a report names. Blocks for some seconds at the most.
     *
     * @param config the settings of the worker, as of {@link NodeProgram#settings}
     * @param report what the worker said last
     * @param why how it ended
     * @throws IOException when the seed does not answer
     */
    public static void send(Config config, NodeReport report, String why) throws IOException {
        EngineSettings settings = EngineSettings.from(EngineConfig.load(config));
        TransferSecurity security = NodeTls.of(settings.security(), InstantSource.system())
                .map(tls -> TransferSecurity.tls(tls::nodeServer, tls::nodeClient))
                .orElse(TransferSecurity.PLAIN);
        String payload = String.join("\n", report.address(), report.node(), String.valueOf(report.uid()), why);
        int colon = report.seedData().lastIndexOf(':');
        DataAddress seed = new DataAddress(
                report.seedData().substring(0, colon),
                Integer.parseInt(report.seedData().substring(colon + 1)));
        TransferLimits limits = TransferLimits.defaults().withTimes(LIMIT, LIMIT, LIMIT, LIMIT);
        try (TransferClient client = new TransferClient(security, limits)) {
            client.post(seed, KIND, payload.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Override
    public byte[] answer(byte[] payload) throws Exception {
        String[] fields = new String(payload, StandardCharsets.UTF_8).split("\n", FIELDS);
        if (fields.length != FIELDS || !fields[2].matches("-?[0-9]{1,19}")) {
            throw new SampoException(
                    ErrorCode.DATA_CORRUPT,
                    "a notice of " + payload.length
                            + " bytes about a node; expected its address, life, number and end");
        }
        ActorSystem<?> system = started.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        String address = fields[0];
        String why = fields[3].lines().findFirst().orElse("").strip();
        coordinator(system).tell(new ClusterProtocol.NodeEnded(address, fields[1], why));
        Cluster cluster = Cluster.get(system);
        for (Member member : cluster.state().getMembers()) {
            if (member.address().hostPort().endsWith("@" + address)
                    && String.valueOf(member.uniqueAddress().longUid()).equals(fields[2])
                    && !member.hasRole(MemberRoles.COORDINATOR)) {
                LOG.info("{} is taken out: its parent process says that it ended with {}", address, why);
                cluster.manager().tell(new Down(member.address()));
            }
        }
        return new byte[0];
    }

    /** Returns the way to the coordinator that the guardian has made already. */
    private static ActorRef<ClusterProtocol.Wire> coordinator(ActorSystem<?> system) {
        return ClusterSingleton.get(system)
                .init(SingletonActor.of(Behaviors.<ClusterProtocol.Command>empty(), "cluster-coordinator")
                        .withSettings(ClusterSingletonSettings.create(system).withRole(MemberRoles.COORDINATOR)))
                .narrow();
    }
}
