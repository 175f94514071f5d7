package dev.sampo.internal.runtime;

import dev.sampo.internal.blob.BlobLinks;
import dev.sampo.internal.client.Shipment;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The blobs of the jobs of a submitting member, served on its data port until they are over. Safe for many threads. */
final class SubmittedBlobs implements AutoCloseable {
    private final Set<Shipment> shipments = ConcurrentHashMap.newKeySet();

    /**
     * Makes an empty set.
     *
     * @param data serves it, not started yet
     */
    SubmittedBlobs(DataPlane data) {
        data.serve(BlobLinks.KIND, DataPlane.files(this::find));
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
        shipments.forEach(this::drop);
    }
}
