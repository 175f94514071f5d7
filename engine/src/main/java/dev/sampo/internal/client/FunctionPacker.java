package dev.sampo.internal.client;

import dev.sampo.api.Broadcast;
import dev.sampo.internal.model.BlobRef;
import dev.sampo.internal.model.BlobRef.BlobKind;
import dev.sampo.internal.model.BroadcastRef;
import dev.sampo.internal.model.FileRef;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import dev.sampo.spi.ShippedFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Serializes the functions of a job. Broadcast values and shipped files in them are put into the shipment, once each; the
 * classes that are met are noted. Used by one thread.
 */
final class FunctionPacker {
    private final Shipment shipment;
    private final boolean travels;
    private final Set<Class<?>> classes = new LinkedHashSet<>();
    private final IdentityHashMap<Broadcast<?>, BroadcastRef<?>> broadcasts = new IdentityHashMap<>();

    /**
     * Creates a packer.
     *
     * @param travels whether files are shipped; where they can be read as they are, they are not
     */
    FunctionPacker(Shipment shipment, boolean travels) {
        this.shipment = shipment;
        this.travels = travels;
    }

    /** Returns the classes of all objects packed so far, and those whose lambdas are among them. */
    Set<Class<?>> classes() {
        return Collections.unmodifiableSet(classes);
    }

    /**
     * Serializes a part of a job.
     *
     * @param what the part, for messages
     */
    byte[] pack(Serializable part, String what) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new PackingStream(bytes)) {
            out.writeObject(part);
        } catch (SampoException known) {
            throw known;
        } catch (NotSerializableException e) {
            throw new SampoException(
                    ErrorCode.JOB_NOT_SERIALIZABLE,
                    what + " holds an object of class " + e.getMessage()
                            + ", which is not Serializable; expected functions, and all they capture, to be",
                    e);
        } catch (IOException | RuntimeException e) {
            throw new SampoException(
                    ErrorCode.JOB_NOT_SERIALIZABLE, what + " cannot be serialized: " + e.getMessage(), e);
        }
        return bytes.toByteArray();
    }

    private BroadcastRef<?> ship(Broadcast<?> broadcast) throws IOException {
        BroadcastRef<?> known = broadcasts.get(broadcast);
        if (known != null) {
            return known;
        }
        Object value = broadcast.value();
        BlobRef blob = shipment.add(
                file -> {
                    try (ObjectOutputStream out = new PackingStream(file)) {
                        out.writeObject(value);
                    }
                },
                BlobKind.BROADCAST,
                "broadcast value of class " + value.getClass().getName());
        BroadcastRef<?> ref = new BroadcastRef<>(blob.digest());
        broadcasts.put(broadcast, ref);
        return ref;
    }

    private FileRef ship(ShippedFile shipped) throws IOException {
        Path file = shipped.path();
        try {
            return new FileRef(
                    shipment.add(file, BlobKind.INPUT, file.toString()).digest(), file.toString());
        } catch (IOException e) {
            throw new SampoException(
                    ErrorCode.INPUT_UNREADABLE,
                    "file " + file + " that is to travel with the job cannot be read: " + e.getMessage()
                            + "; expected a file that its submitter can read",
                    e);
        }
    }

    /** Puts references in the place of what travels beside the functions. */
    private final class PackingStream extends ObjectOutputStream {
        PackingStream(OutputStream out) throws IOException {
            super(out);
            enableReplaceObject(true);
        }

        @Override
        protected void annotateClass(Class<?> type) {
            Class<?> element = type;
            while (element.isArray()) {
                element = element.getComponentType();
            }
            classes.add(element);
        }

        @Override
        protected @Nullable Object replaceObject(@Nullable Object object) throws IOException {
            if (object instanceof BroadcastRef || object instanceof FileRef) {
                return object;
            } else if (object instanceof Broadcast<?> broadcast) {
                return ship(broadcast);
            } else if (object instanceof ShippedFile file && travels) {
                return ship(file);
            }
            return object;
        }
    }
}
