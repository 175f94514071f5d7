package dev.sampo.io;

/**
 * A file, or a part of one, to read.
 *
 * @param root twice the index of the input it was found under, and 1 more when the input was read as a glob
 * @param name its path below that place, empty when it is the place itself; or its URI
 * @param nameIsUri whether {@code name} is a URI, because the path cannot be written as a string without loss
 * @param content what is known of its bytes
 * @param from the first byte
 * @param to the byte behind the last, {@link Long#MAX_VALUE} for the end of the file
 */
record FilePiece(int root, String name, boolean nameIsUri, Content content, long from, long to) {
    /** What is known of the bytes of a file before it is opened. */
    enum Content {
        /** Its first bytes tell whether it is compressed. */
        MAYBE_COMPRESSED,
        /** It is read as it is. */
        PLAIN
    }

    FilePiece part(long begin, long end) {
        return new FilePiece(root, name, nameIsUri, Content.PLAIN, begin, end);
    }

    boolean isWhole() {
        return to == Long.MAX_VALUE;
    }
}
