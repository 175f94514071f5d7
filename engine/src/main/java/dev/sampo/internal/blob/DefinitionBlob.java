package dev.sampo.internal.blob;

import dev.sampo.internal.model.BlobRef;
import dev.sampo.internal.model.BlobRef.BlobKind;
import dev.sampo.internal.model.JobDefinition;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The form of the functions of a job as a blob, for those that are too large for a message. */
public final class DefinitionBlob {
    private DefinitionBlob() {}

    /** Returns how many bytes the functions of a job take. */
    public static long bytes(JobDefinition definition) {
        long bytes = definition.sink().length;
        for (byte[] part : definition.inputs()) {
            bytes += part.length;
        }
        for (byte[] part : definition.stages()) {
            bytes += part.length;
        }
        return bytes;
    }

    /** Writes the functions of a job. */
    public static void write(JobDefinition definition, OutputStream out) throws IOException {
        DataOutputStream data = new DataOutputStream(out);
        write(definition.inputs(), data);
        write(definition.stages(), data);
        write(List.of(definition.sink()), data);
        data.flush();
    }

    private static void write(List<byte[]> parts, DataOutputStream out) throws IOException {
        out.writeInt(parts.size());
        for (byte[] part : parts) {
            out.writeInt(part.length);
            out.write(part);
        }
    }

    /** Returns the definition as it travels when its functions do so in a blob. */
    public static JobDefinition without(JobDefinition definition, BlobRef functions, List<BlobRef> others) {
        List<BlobRef> blobs = new ArrayList<>(others);
        blobs.add(functions);
        return new JobDefinition(List.of(), List.of(), new byte[0], definition.splitBytes(), blobs);
    }

    /**
     * Returns the definition with its functions, wherever they are.
     *
     * @param blobs finds the blobs of the job
     */
    public static JobDefinition whole(JobDefinition definition, BlobStore blobs) {
        Optional<BlobRef> functions = definition.blobs().stream()
                .filter(blob -> blob.kind() == BlobKind.DEFINITION)
                .findFirst();
        if (functions.isEmpty()) {
            return definition;
        }
        Path file = blobs.find(functions.get().digest())
                .orElseThrow(() -> new IllegalStateException("the definition is not here: " + functions.get()));
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            long most = functions.get().bytes();
            List<byte[]> inputs = read(in, most);
            List<byte[]> stages = read(in, most);
            List<byte[]> sink = read(in, most);
            return new JobDefinition(inputs, stages, sink.get(0), definition.splitBytes(), definition.blobs());
        } catch (IOException | IndexOutOfBoundsException e) {
            throw new SampoException(
                    ErrorCode.JOB_NOT_SERIALIZABLE, "the functions of the job are malformed: " + e.getMessage(), e);
        }
    }

    private static List<byte[]> read(DataInputStream in, long most) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > most) {
            throw new IOException(count + " parts; expected from 0 to " + most);
        }
        List<byte[]> parts = new ArrayList<>();
        for (int part = 0; part < count; part++) {
            int length = in.readInt();
            if (length < 0 || length > most) {
                throw new IOException("a part of " + length + " bytes; expected from 0 to " + most);
            }
            byte[] bytes = in.readNBytes(length);
            if (bytes.length < length) {
                throw new EOFException(bytes.length + " bytes; expected " + length);
            }
            parts.add(bytes);
        }
        return parts;
    }
}
