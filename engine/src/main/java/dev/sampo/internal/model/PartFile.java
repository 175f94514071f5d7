package dev.sampo.internal.model;

import java.io.Serializable;

/**
 * The finished, not yet visible output of one reduce attempt.
 *
 * @param partition the partition, and so the number in the file's final name
 * @param attemptFile the attempt-private file, relative to the output directory
 * @param extension what follows the number in the final name; mostly empty
 * @param records the records in it
 * @param bytes its size
 * @param digest {@code sha256:} and the SHA-256 of its bytes in hexadecimal
 */
public record PartFile(int partition, String attemptFile, String extension, long records, long bytes, String digest)
        implements Serializable {}
