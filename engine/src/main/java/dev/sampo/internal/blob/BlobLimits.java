package dev.sampo.internal.blob;

/**
 * How much a node takes.
 *
 * @param blobBytes the largest blob
 * @param storeBytes what all blobs of the node may take together
 */
public record BlobLimits(long blobBytes, long storeBytes) {
    /** Checks the components. */
    public BlobLimits {
        if (blobBytes < 0 || storeBytes < 0) {
            throw new IllegalArgumentException(
                    "blob limits: " + blobBytes + " and " + storeBytes + " bytes; expected at least 0");
        }
    }
}
