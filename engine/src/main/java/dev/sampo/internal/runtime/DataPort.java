package dev.sampo.internal.runtime;

import dev.sampo.internal.blob.BlobLimits;
import dev.sampo.internal.blob.BlobLinks;
import dev.sampo.internal.blob.BlobStore;
import dev.sampo.internal.blob.BlobTransfer;
import dev.sampo.internal.config.EngineSettings;
import dev.sampo.internal.model.DataAddress;
import dev.sampo.internal.transfer.Content;
import dev.sampo.internal.transfer.ContentSource;
import dev.sampo.internal.transfer.TransferClient;
import dev.sampo.internal.transfer.TransferLimits;
import dev.sampo.internal.transfer.TransferSecurity;
import dev.sampo.internal.transfer.TransferServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The data port of a node that serves blobs and no segments: of a seed, or of a member that submits. */
final class DataPort implements AutoCloseable {
    private final TransferServer server;
    private final TransferClient client;

    private DataPort(String host, Function<String, Optional<Path>> blobs) {
        this.server = TransferServer.start(
                new DataAddress(host, 0), TransferSecurity.PLAIN, Map.of(BlobLinks.KIND, files(blobs)), Map.of());
        this.client = new TransferClient(TransferSecurity.PLAIN, TransferLimits.defaults());
    }

    /**
     * Starts to serve.
     *
     * @param blobs finds the file of a blob by its digest
     */
    static DataPort start(EngineSettings settings, Function<String, Optional<Path>> blobs) {
        return new DataPort(settings.cluster().host(), blobs);
    }

    /** Returns whole files by their names. */
    static ContentSource files(Function<String, Optional<Path>> find) {
        return name -> {
            Optional<Path> file = find.apply(name);
            return file.isEmpty() ? null : Content.ofFile(file.get(), 0, Files.size(file.get()));
        };
    }

    /** Returns the store of a node's blobs, below its private directory. */
    static BlobStore store(EngineSettings settings, Path directory) {
        return new BlobStore(
                directory.resolve("blobs"),
                new BlobLimits(settings.ship().maxBlobBytes(), settings.ship().maxStoreBytes()));
    }

    /** Returns where it serves. */
    DataAddress address() {
        return server.address();
    }

    /** Returns the transfer that fills a store from other nodes and is served here. */
    BlobTransfer transfer(BlobStore store) {
        return new BlobTransfer(store, address(), links(client));
    }

    static BlobLinks links(TransferClient client) {
        return (holder, digest) -> client.open(holder, BlobLinks.KIND, digest);
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}
