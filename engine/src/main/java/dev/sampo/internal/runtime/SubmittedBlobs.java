package dev.sampo.internal.runtime;

import dev.sampo.internal.client.JobPackager;
import dev.sampo.internal.client.Shipment;
import dev.sampo.internal.model.JobId;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The way from a submitting member: it serves the blobs of its jobs on its data port until they are over. */
final class SubmittedBlobs implements JobFreight, AutoCloseable {
    private final Map<JobId, Shipment> shipments = new ConcurrentHashMap<>();

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

    /** Returns the file with the bytes of a blob. */
    Optional<Path> find(String digest) {
        return shipments.values().stream()
                .flatMap(shipment -> shipment.find(digest).stream())
                .findFirst();
    }

    @Override
    public void close() {
        shipments.keySet().forEach(this::drop);
    }
}
