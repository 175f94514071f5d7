package dev.sampo.internal.config;

/**
 * How the code and the small data of jobs travel.
 *
 * @param classPath what a submitter sends of its class path
 * @param maxBlobBytes the largest single blob
 * @param maxJobBytes what all blobs of a job may take together
 * @param maxStoreBytes what the blobs of all jobs may take on one node
 * @param maxExpandedBytes what the jars of a job may take uncompressed
 * @param maxInputBytes what the shipped inputs of a job may take together
 * @param copiesAtOnce how many copies of a blob a node gives to others at once
 */
public record ShipSettings(
        ClassPath classPath,
        long maxBlobBytes,
        long maxJobBytes,
        long maxStoreBytes,
        long maxExpandedBytes,
        long maxInputBytes,
        int copiesAtOnce) {
    private static final long MOST = 1L << 44;

    /** What a submitter sends of its class path. */
    public enum ClassPath {
        /** The jars and directories of the application where the job has classes of it, without the engine's own. */
        AUTO,
        /** Nothing. */
        NONE,
        /** All jars and directories, with the libraries of the engine but without the engine. */
        ALL
    }

    static ShipSettings from(ConfigReader reader) {
        return new ShipSettings(
                reader.enumeration("classpath", ClassPath.class),
                reader.bytes("max-blob-size", 0, MOST),
                reader.bytes("max-job-size", 0, MOST),
                reader.bytes("max-store-size", 0, MOST),
                reader.bytes("max-expanded-size", 0, MOST),
                reader.bytes("max-input-size", 0, MOST),
                reader.integer("copies-at-once", 1, 1_000));
    }
}
