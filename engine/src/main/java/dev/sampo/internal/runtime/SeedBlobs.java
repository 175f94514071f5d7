package dev.sampo.internal.runtime;

import dev.sampo.internal.blob.BlobLimits;
import dev.sampo.internal.blob.BlobStore;
import dev.sampo.internal.blob.BlobTransfer;
import dev.sampo.internal.blob.ResultStore;
import dev.sampo.internal.config.EngineSettings;
import dev.sampo.internal.model.DataAddress;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/**
 * The blobs of a seed, from which workers get their first copies, and the results it holds for their submitters. Nothing in
 * them is ever opened there.
 */
final class SeedBlobs implements AutoCloseable {
    private final DataPlane data;
    private final PrivateDirectory directory;
    private final BlobStore store;
    private final BlobTransfer transfer;
    private final BlobStore resultFiles;
    private final ResultStore results;

    /**
     * Makes an empty store.
     *
     * @param data serves it, not started yet
     */
    SeedBlobs(EngineSettings settings, DataPlane data) {
        this.data = data;
        this.directory = PrivateDirectory.in(settings.node().temporaryRoot());
        this.store = store(settings, directory.path());
        this.transfer = data.blobs(store);
        long most = settings.result().storeBytes();
        this.resultFiles = new BlobStore(directory.path().resolve("results"), new BlobLimits(most, most));
        this.results = new ResultStore(
                resultFiles,
                (holder, name) -> data.client().open(holder, ResultStore.KIND, name),
                transfer.threads(),
                data::address,
                settings.result().keep(),
                InstantSource.system());
        data.serve(ResultStore.KIND, DataPlane.files(results::find));
        data.answer(ResultStore.KIND, results::answer);
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

    ResultStore results() {
        return results;
    }

    /** Opens a part of a result here, or else at the seed that holds it. Blocks. */
    InputStream openResult(DataAddress holder, String digest) throws IOException {
        Optional<Path> here = results.find(digest);
        return here.isPresent()
                ? Files.newInputStream(here.get())
                : data.client().open(holder, ResultStore.KIND, digest);
    }

    @Override
    public void close() {
        transfer.close();
        store.close();
        resultFiles.close();
        directory.close();
    }
}
