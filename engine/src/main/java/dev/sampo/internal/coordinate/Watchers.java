package dev.sampo.internal.coordinate;

import dev.sampo.internal.protocol.ClientProtocol;
import dev.sampo.internal.protocol.TaskProtocol;
import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/** Those who are told how a job goes: its submitter, and whoever asked later. Forgets those who are gone. */
final class Watchers {
    private final ActorContext<TaskProtocol.Command> context;
    private final Set<ActorRef<ClientProtocol.Wire>> clients = new LinkedHashSet<>();

    Watchers(ActorContext<TaskProtocol.Command> context) {
        this.context = context;
    }

    /** Tells the coordinator of the job that a watcher has ended. */
    record Gone(ActorRef<ClientProtocol.Wire> client) implements TaskProtocol.Command {}

    void add(ActorRef<ClientProtocol.Wire> client) {
        if (clients.add(client)) {
            context.watchWith(client, new Gone(client));
        }
    }

    void remove(ActorRef<ClientProtocol.Wire> client) {
        clients.remove(client);
    }

    void tell(ClientProtocol.Wire news) {
        clients.forEach(client -> client.tell(news));
    }
}
