package dev.sampo.internal.client;

import dev.sampo.internal.blob.BlobStore;
import dev.sampo.internal.config.ShipSettings;
import dev.sampo.internal.model.BlobRef;
import dev.sampo.internal.model.BlobRef.BlobKind;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The blobs of a job at its submitter: files that lie where they are, and files made for the job in a directory of its
 * own, which goes when the shipment is closed. Filled by one thread, then safe for many.
 */
public final class Shipment implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Shipment.class);
    private static final int BUFFER_BYTES = 64 << 10;

    private final String job;
    private final ShipSettings limits;
    private final Path parent;
    private final Map<String, Parcel> parcels = new LinkedHashMap<>();
    private @Nullable Path directory;

    private record Parcel(BlobRef blob, Path file) {}

    /** Writes the bytes of a blob. */
    @FunctionalInterface
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Creates an empty shipment.
     *
     * @param job the name of the job, for messages
     * @param limits how much may travel
     * @param parent where a directory may be made
     */
    Shipment(String job, ShipSettings limits, Path parent) {
        this.job = job;
        this.limits = limits;
        this.parent = parent;
    }

    /** Returns what travels, in the order it was added. */
    public List<BlobRef> blobs() {
        return parcels.values().stream().map(Parcel::blob).toList();
    }

    /** Returns the file with the bytes of a blob, if it is one of this shipment. */
    public Optional<Path> find(String digest) {
        return Optional.ofNullable(parcels.get(digest)).map(Parcel::file);
    }

    /** Adds a file as it lies there. */
    BlobRef add(Path file, BlobKind kind, String name) throws IOException {
        MessageDigest digest = BlobStore.sha256();
        long bytes = 0;
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                bytes += read;
            }
        }
        BlobRef blob = new BlobRef(HexFormat.of().formatHex(digest.digest()), bytes, kind, name);
        parcels.putIfAbsent(blob.digest(), new Parcel(blob, file));
        check(blob);
        return blob;
    }

    /** Adds bytes that are made for this job. */
    BlobRef add(Content content, BlobKind kind, String name) throws IOException {
        Path own = directory;
        if (own == null) {
            Files.createDirectories(parent);
            own = Files.createTempDirectory(parent, "sampo-ship-");
            directory = own;
        }
        Path file = Files.createTempFile(own, "blob-", "");
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), BUFFER_BYTES)) {
            content.writeTo(out);
        }
        return add(file, kind, name);
    }

    private void check(BlobRef added) {
        if (added.bytes() > limits.maxBlobBytes()) {
            throw tooLarge(added.name() + " has " + added.bytes(), limits.maxBlobBytes(), "max-blob-size");
        }
        long inputs = bytes(BlobKind.INPUT);
        if (inputs > limits.maxInputBytes()) {
            throw tooLarge(
                    "the input files that travel with it have " + inputs, limits.maxInputBytes(), "max-input-size");
        }
        long all = bytes(BlobKind.values());
        if (all > limits.maxJobBytes()) {
            throw tooLarge("all that travels with it has " + all, limits.maxJobBytes(), "max-job-size");
        }
    }

    private long bytes(BlobKind... kinds) {
        List<BlobKind> wanted = List.of(kinds);
        return parcels.values().stream()
                .filter(parcel -> wanted.contains(parcel.blob.kind()))
                .mapToLong(parcel -> parcel.blob.bytes())
                .sum();
    }

    private SampoException tooLarge(String what, long most, String key) {
        return new SampoException(
                ErrorCode.JOB_INVALID,
                "job " + job + ": " + what + " bytes; expected at most " + most + " (sampo.ship." + key + ")");
    }

    /** Deletes what was made for the job. A second call does nothing. */
    @Override
    public void close() {
        Path own = directory;
        if (own == null) {
            return;
        }
        try (Stream<Path> files = Files.exists(own) ? Files.list(own) : Stream.empty()) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(own);
        } catch (IOException e) {
            LOG.warn("{} could not be deleted: {}", own, e.toString());
        }
    }
}
