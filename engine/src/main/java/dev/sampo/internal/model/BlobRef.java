package dev.sampo.internal.model;

import java.io.Serializable;
import java.util.regex.Pattern;

/**
 * A blob: bytes that travel to the nodes once, known by what they are.
 *
 * @param digest the SHA-256 of the bytes, 64 hexadecimal digits in lower case
 * @param bytes how many they are
 * @param kind what they are for
 * @param name what people call them, such as the name of a file; for messages only
 */
public record BlobRef(String digest, long bytes, BlobKind kind, String name) implements Serializable {
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    /** What a blob is for. */
    public enum BlobKind {
        /** A jar on the class path of the job; jars are asked in the order they are listed. */
        JAR,
        /** A serialized value that functions of the job read. */
        BROADCAST,
        /** A file that only the submitter could read. */
        INPUT,
        /** A part of a result that goes to no directory. */
        RESULT,
        /** The functions of a job that are too large for a message. */
        DEFINITION
    }

    /** Checks the components; a digest becomes the name of a file. */
    public BlobRef {
        if (!DIGEST.matcher(digest).matches() || bytes < 0) {
            throw new IllegalArgumentException("blob '" + name + "' of " + bytes + " bytes with digest '" + digest
                    + "'; expected at least 0 bytes and 64 hexadecimal digits in lower case");
        }
    }
}
