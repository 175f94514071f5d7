package dev.sampo.api;

/**
 * One committed file of a result.
 *
 * @param name the file's name, {@code part-00000} and on
 * @param records the records in it
 * @param bytes its size
 * @param digest {@code sha256:} and the SHA-256 of its bytes in hexadecimal
 */
public record OutputPart(String name, long records, long bytes, String digest) {
    /** Returns the SHA-256 of its bytes in hexadecimal. */
    public String sha256() {
        return digest.substring(digest.indexOf(':') + 1);
    }
}
