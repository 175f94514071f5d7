package dev.sampo.internal.runtime;

import dev.sampo.internal.client.Shipment;
import dev.sampo.internal.config.EngineSettings;
import dev.sampo.internal.model.DataAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The blobs of the jobs of a submitting member, served on its data port until they are over. Safe for many threads. */
final class SubmittedBlobs implements AutoCloseable {
    private final Set<Shipment> shipments = ConcurrentHashMap.newKeySet();
    private final DataPort port;

    SubmittedBlobs(EngineSettings settings) {
        this.port = DataPort.start(settings, this::find);
    }

    /** Returns where the blobs are served. */
    DataAddress address() {
        return port.address();
    }

    /** Serves a shipment. Returns what lets go of it. */
    Runnable take(Shipment shipment) {
        shipments.add(shipment);
        return () -> drop(shipment);
    }

    private void drop(Shipment shipment) {
        shipments.remove(shipment);
        shipment.close();
    }

    private Optional<Path> find(String digest) {
        return shipments.stream()
                .flatMap(shipment -> shipment.find(digest).stream())
                .findFirst();
    }

    @Override
    public void close() {
        port.close();
        shipments.forEach(this::drop);
    }
}
