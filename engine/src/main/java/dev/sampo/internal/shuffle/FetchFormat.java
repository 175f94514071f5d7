package dev.sampo.internal.shuffle;

/**
 * What travels between {@link SegmentFetcher} and {@link SegmentServer}. All numbers are big-endian; a text is a short
 * with its length in bytes, then UTF-8. A connection carries any number of requests, one after the other.
 *
 * <pre>
 * request   int bytes that follow, int MAGIC, text job, int stage, int task, int attempt, int partition
 * answer    byte HELD,   long stored bytes, long raw bytes, long records, int largest record, int crc, int block bytes,
 *                        then the stored bytes as they are
 *           byte REFUSED, text why
 * </pre>
 */
final class FetchFormat {
    /** "SMF1". */
    static final int MAGIC = 0x534D4631;

    /** A job id has at most 64 bytes. */
    static final int LARGEST_REQUEST = 256;

    static final int HELD = 1;
    static final int REFUSED = 2;

    /** Bytes of an answer behind its first, when the segment is held. */
    static final int HEADER_BYTES = 8 + 8 + 8 + 4 + 4 + 4;

    private FetchFormat() {}
}
