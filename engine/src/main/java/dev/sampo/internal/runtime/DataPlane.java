package dev.sampo.internal.runtime;

import dev.sampo.internal.blob.BlobLinks;
import dev.sampo.internal.blob.BlobStore;
import dev.sampo.internal.blob.BlobTransfer;
import dev.sampo.internal.config.ClusterSettings;
import dev.sampo.internal.model.DataAddress;
import dev.sampo.internal.transfer.Content;
import dev.sampo.internal.transfer.ContentSource;
import dev.sampo.internal.transfer.NoticeHandler;
import dev.sampo.internal.transfer.TransferClient;
import dev.sampo.internal.transfer.TransferLimits;
import dev.sampo.internal.transfer.TransferSecurity;
import dev.sampo.internal.transfer.TransferServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The data port of a member of a cluster and its way to those of others. First the parts of the node say what they serve,
 * then it is started, once. Used by the thread that starts the node, but for the client.
 */
final class DataPlane implements AutoCloseable {
    private final DataAddress bind;
    private final String knownHost;
    private final TransferSecurity security;
    private final TransferClient client;
    private final Map<String, ContentSource> sources = new HashMap<>();
    private final Map<String, NoticeHandler> notices = new HashMap<>();
    private @Nullable TransferServer server;

    /** Creates a plane that listens and is known where the settings say, with the certificates of the node. */
    static DataPlane of(ClusterSettings settings, NodeSecurity security) {
        return new DataPlane(
                new DataAddress(settings.host(), settings.dataPort()),
                settings.host(),
                security.tls()
                        .map(tls -> TransferSecurity.tls(tls::nodeServer, tls::nodeClient))
                        .orElse(TransferSecurity.PLAIN));
    }

    /**
     * Creates a plane that is not started.
     *
     * @param bind where it listens; port 0 takes a free one
     * @param knownHost the host by which others reach it
     */
    DataPlane(DataAddress bind, String knownHost, TransferSecurity security) {
        this.bind = bind;
        this.knownHost = knownHost;
        this.security = security;
        this.client = new TransferClient(security, TransferLimits.defaults());
    }

    /** Says who finds the bytes of a kind; who says so later is asked for what the others do not have. Before the start. */
    void serve(String kind, ContentSource source) {
        requireNew(kind, null);
        sources.merge(kind, source, (first, second) -> name -> {
            Content found = first.find(name);
            return found != null ? found : second.find(name);
        });
    }

    /** Says who answers the notices of a kind. Before the start. */
    void answer(String kind, NoticeHandler handler) {
        requireNew(kind, notices.put(kind, handler));
    }

    /** Serves a store's blobs here. Before the start. Returns the transfer that fills it from other nodes. */
    BlobTransfer blobs(BlobStore store) {
        serve(BlobLinks.KIND, files(store::find));
        return new BlobTransfer(store, this::address, (holder, digest) -> client.open(holder, BlobLinks.KIND, digest));
    }

    /** Returns what serves whole files by their names. */
    static ContentSource files(Function<String, Optional<Path>> find) {
        return name -> {
            Optional<Path> file = find.apply(name);
            return file.isEmpty() ? null : Content.ofFile(file.get(), 0, Files.size(file.get()));
        };
    }

    private void requireNew(String kind, @Nullable Object before) {
        if (before != null || server != null) {
            throw new IllegalStateException(
                    "kind " + kind + " comes twice or after the start; expected once, before the start");
        }
    }

    /**
     * Starts to serve.
     *
     * @throws dev.sampo.spi.SampoException {@code CONFIG_INVALID} when the address cannot be bound
     */
    void start() {
        if (server != null) {
            throw new IllegalStateException("the data port is open already at " + server.address());
        }
        server = TransferServer.start(bind, security, sources, notices);
    }

    /** Returns where others reach it. After the start. */
    DataAddress address() {
        if (server == null) {
            throw new IllegalStateException("the data port is not open yet");
        }
        return new DataAddress(knownHost, server.address().port());
    }

    /** Returns the way to the data ports of others. May be used before the start. */
    TransferClient client() {
        return client;
    }

    @Override
    public void close() {
        if (server != null) {
            server.close();
        }
        client.close();
    }
}
