package dev.sampo.internal.runtime;

import dev.sampo.internal.client.JobPackager;
import dev.sampo.internal.client.Shipment;
import dev.sampo.internal.config.EngineSettings;
import dev.sampo.internal.model.DataAddress;
import dev.sampo.internal.model.JobId;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The way from a submitting member: it serves the blobs of its jobs on its data port until they are over. */
final class SubmittedBlobs implements JobFreight, AutoCloseable {
    private final Map<JobId, Shipment> shipments = new ConcurrentHashMap<>();
    private final DataPort port;

    SubmittedBlobs(EngineSettings settings) {
        this.port = DataPort.start(settings, this::find);
    }

    /** Returns where the blobs are served. */
    DataAddress address() {
        return port.address();
    }

    @Override
    public boolean travels() {
        return true;
    }

    @Override
    public void take(JobId job, JobPackager packed) {
        shipments.put(job, packed.shipment());
    }

    @Override
    public void drop(JobId job) {
        Shipment shipment = shipments.remove(job);
        if (shipment != null) {
            shipment.close();
        }
    }

    private Optional<Path> find(String digest) {
        return shipments.values().stream()
                .flatMap(shipment -> shipment.find(digest).stream())
                .findFirst();
    }

    @Override
    public void close() {
        port.close();
        shipments.keySet().forEach(this::drop);
    }
}
