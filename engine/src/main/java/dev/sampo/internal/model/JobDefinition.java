package dev.sampo.internal.model;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * The functions of a job as bytes, in pieces, so that an attempt deserializes only what it works with. The control side
 * carries them and never opens them. When they are too large for a message, they travel as a blob of kind {@link
 * BlobRef.BlobKind#DEFINITION}, and the lists are empty here.
 *
 * @param inputs one serialized {@code JobSpec.Input} per input, in order
 * @param stages one serialized {@code JobSpec.Stage} per shuffle, in order
 * @param sink the serialized {@code OutputSink}
 * @param splitBytes the split size to aim for
 * @param blobs what a node must have before it runs an attempt of the job
 */
public record JobDefinition(List<byte[]> inputs, List<byte[]> stages, byte[] sink, long splitBytes, List<BlobRef> blobs)
        implements Serializable {
    /** Copies the lists. */
    public JobDefinition {
        inputs = List.copyOf(inputs);
        stages = List.copyOf(stages);
        blobs = List.copyOf(blobs);
    }

    /**
     * Returns what tells this job from another one: a digest of its facts, and of its functions with all they capture,
     * byte by byte.
     */
    public String fingerprint(JobOutline outline) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JVM has no SHA-256; expected one that is a Java platform", e);
        }
        // not the names of blobs: they are paths at the submitter
        List<String> digests = blobs.stream().map(BlobRef::digest).toList();
        digest.update((outline + " " + splitBytes + " " + digests).getBytes(StandardCharsets.UTF_8));
        Stream.of(inputs, stages, List.of(sink)).flatMap(List::stream).forEach(piece -> {
            digest.update((" " + piece.length + ":").getBytes(StandardCharsets.UTF_8));
            digest.update(piece);
        });
        return HexFormat.of().formatHex(digest.digest());
    }
}
