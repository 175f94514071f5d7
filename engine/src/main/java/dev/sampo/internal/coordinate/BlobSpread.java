package dev.sampo.internal.coordinate;

import dev.sampo.internal.blob.BlobDirectory;
import dev.sampo.internal.blob.BlobDirectory.Turn;
import dev.sampo.internal.model.CoordinatorEpoch;
import dev.sampo.internal.model.DataAddress;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.protocol.NodeProtocol;
import dev.sampo.internal.protocol.TaskProtocol.BlobHeld;
import dev.sampo.internal.protocol.TaskProtocol.BlobMissed;
import dev.sampo.internal.protocol.TaskProtocol.BlobWanted;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the nodes of a job whose turn it is to get a blob from whom. Owned by the coordinator of the job. */
final class BlobSpread {
    private static final Logger LOG = LoggerFactory.getLogger(BlobSpread.class);

    private final CoordinatorEpoch epoch;
    private final JobId job;
    private final BlobDirectory directory;
    private final Map<DataAddress, ActorRef<NodeProtocol.Wire>> agents = new HashMap<>();

    BlobSpread(JobId job, CoordinatorServices services) {
        this.epoch = services.epoch();
        this.job = job;
        this.directory = new BlobDirectory(
                services.blobs().address(), services.settings().ship().copiesAtOnce());
    }

    void wanted(BlobWanted wanted) {
        agents.put(wanted.node(), wanted.agent());
        tell(directory.wanted(wanted.digest(), wanted.node()));
    }

    void held(BlobHeld held) {
        tell(directory.held(held.digest(), held.node()));
    }

    void missed(BlobMissed missed) {
        LOG.warn(
                "{}: node {} could not get blob {} from {}: {}",
                job,
                missed.node(),
                missed.digest(),
                missed.holder(),
                missed.reason());
        tell(directory.missed(missed.digest(), missed.node(), missed.holder()));
    }

    void gone(DataAddress node) {
        agents.remove(node);
        tell(directory.gone(node));
    }

    private void tell(List<Turn> turns) {
        for (Turn turn : turns) {
            ActorRef<NodeProtocol.Wire> agent = agents.get(turn.to());
            if (agent != null) {
                agent.tell(new NodeProtocol.BlobFrom(epoch, job, turn.digest(), turn.from()));
            }
        }
    }
}
