package dev.sampo.internal.runtime;

import dev.sampo.internal.blob.BlobLimits;
import dev.sampo.internal.blob.BlobStore;
import dev.sampo.internal.blob.BlobTransfer;
import dev.sampo.internal.config.EngineSettings;
import java.nio.file.Path;

/** The blobs of a seed, from which workers get their first copies. Nothing in them is ever opened there. */
final class SeedBlobs implements AutoCloseable {
    private final PrivateDirectory directory;
    private final BlobStore store;
    private final BlobTransfer transfer;

    /**
     * Makes an empty store.
     *
     * @param data serves it, not started yet
     */
    SeedBlobs(EngineSettings settings, DataPlane data) {
        this.directory = PrivateDirectory.in(settings.node().temporaryRoot());
        this.store = store(settings, directory.path());
        this.transfer = data.blobs(store);
    }

    /** Returns the store of a node's blobs, below its private directory. */
    static BlobStore store(EngineSettings settings, Path directory) {
        return new BlobStore(
                directory.resolve("blobs"),
                new BlobLimits(settings.ship().maxBlobBytes(), settings.ship().maxStoreBytes()));
    }

    BlobTransfer transfer() {
        return transfer;
    }

    @Override
    public void close() {
        transfer.close();
        store.close();
        directory.close();
    }
}
