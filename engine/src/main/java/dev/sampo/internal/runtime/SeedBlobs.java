package dev.sampo.internal.runtime;

import dev.sampo.internal.blob.BlobStore;
import dev.sampo.internal.blob.BlobTransfer;
import dev.sampo.internal.config.EngineSettings;
import java.nio.file.Path;

/** The blobs of a seed, from which workers get their first copies. Nothing in them is ever opened there. */
final class SeedBlobs implements AutoCloseable {
    private final Path directory;
    private final BlobStore store;
    private final DataPort port;
    private final BlobTransfer transfer;

    SeedBlobs(EngineSettings settings) {
        this.directory = NodeResources.privateDirectory(settings);
        this.store = DataPort.store(settings, directory);
        this.port = DataPort.start(settings, store::find);
        this.transfer = port.transfer(store);
    }

    BlobTransfer transfer() {
        return transfer;
    }

    @Override
    public void close() {
        transfer.close();
        port.close();
        store.close();
        NodeResources.delete(directory);
    }
}
