package dev.sampo.spi;

/**
 * The errors a user of Sampo can meet. The number is stable over releases; the kind decides whether a failed attempt is
 * tried again.
 */
public enum ErrorCode {
    /** A file or folder that was named as input does not exist. */
    INPUT_NOT_FOUND(1001, Kind.USER),
    /** An input exists but cannot be read, or is a directory where a file is meant. */
    INPUT_UNREADABLE(1002, Kind.USER),
    /** A compressed or binary input ends too early or does not have the form it should. */
    INPUT_CORRUPT(1003, Kind.USER),
    /** One record is larger than the memory it may take. */
    RECORD_TOO_LARGE(1004, Kind.USER),
    /** The output directory exists and holds files, and overwriting was not asked for. */
    OUTPUT_EXISTS(1101, Kind.USER),
    /** Another running job has claimed the output directory. */
    OUTPUT_CLAIMED(1102, Kind.USER),
    /** The output cannot be written: permissions, a read-only or a full file system. */
    OUTPUT_UNWRITABLE(1103, Kind.RESOURCE),
    /** Not every worker sees the output directory. */
    OUTPUT_NOT_SHARED(1104, Kind.USER),
    /** A setting is unknown, has the wrong type or unit, or lies outside its range. */
    CONFIG_INVALID(1201, Kind.USER),
    /** A job is not a complete or consistent whole. */
    JOB_INVALID(1301, Kind.USER),
    /** A job class or a class it needs was not found, or lacks the constructor the engine calls. */
    JOB_CLASS(1302, Kind.USER),
    /** A function of a job cannot be serialized or deserialized. */
    JOB_NOT_SERIALIZABLE(1303, Kind.USER),
    /** There is no codec for a class. */
    CODEC_UNKNOWN(1401, Kind.USER),
    /** A codec cannot encode a value. */
    CODEC_CANNOT_ENCODE(1402, Kind.USER),
    /** A function of the job threw. */
    USER_CODE_FAILED(1501, Kind.USER),
    /** A function of the job emitted null. */
    NULL_EMITTED(1502, Kind.USER),
    /** A partitioner returned a number outside 0 to R-1. */
    PARTITION_OUT_OF_RANGE(1503, Kind.USER),
    /** An attempt ran longer than its time limit. */
    ATTEMPT_TIMED_OUT(1504, Kind.USER),
    /** The job was canceled. */
    JOB_CANCELED(1601, Kind.USER),
    /** A job with this id is known already and is another job, or no job with this id is known. */
    JOB_UNKNOWN(1602, Kind.USER),
    /** A job names a queue that the cluster does not have. */
    QUEUE_UNKNOWN(1603, Kind.USER),
    /** A request to the API is not of the form it should have. */
    REQUEST_INVALID(1701, Kind.USER),
    /** A request to the API is larger than the API takes. */
    REQUEST_TOO_LARGE(1702, Kind.USER),
    /** A request to the API has no token, or one that nobody has. */
    UNAUTHENTICATED(1703, Kind.USER),
    /** The token of a request to the API does not allow what it asks for. */
    FORBIDDEN(1704, Kind.USER),
    /** The API has nothing at this path, or nothing any more. */
    NOT_FOUND(1705, Kind.USER),
    /** Memory ran out in an attempt. */
    OUT_OF_MEMORY(2001, Kind.RESOURCE),
    /** Local disk space for spills and segments ran out or cannot be written. */
    SPILL_FAILED(2002, Kind.RESOURCE),
    /** Every slot is lost to attempts that do not end. */
    NO_SLOTS(2003, Kind.RESOURCE),
    /** As many jobs wait or run as the cluster takes. */
    QUEUE_FULL(2004, Kind.RESOURCE),
    /** More requests than the API takes at once; the same request works later. */
    TOO_MANY_REQUESTS(2010, Kind.RESOURCE),
    /** The node that ran an attempt, or held its output, is gone. */
    NODE_LOST(3001, Kind.CLUSTER),
    /** A segment of a map output could not be fetched, or failed its checksum. */
    FETCH_FAILED(3002, Kind.CLUSTER),
    /** The engine, or the node, is closing or not yet ready. */
    ENGINE_CLOSED(3003, Kind.CLUSTER),
    /** An answer did not come in time. */
    NO_ANSWER(3004, Kind.CLUSTER),
    /** A message of an older epoch was refused. */
    STALE_EPOCH(3005, Kind.CLUSTER),
    /** Bytes that the engine wrote do not read back. */
    DATA_CORRUPT(9001, Kind.BUG),
    /** A defect of the engine. */
    INTERNAL(9002, Kind.BUG);

    /** Who can do something about an error. */
    public enum Kind {
        /** The job or its input; tried again up to the job's limit, because user code may fail by chance. */
        USER,
        /** Memory, disk or slots of a node; tried again elsewhere. */
        RESOURCE,
        /** A node or the network; tried again without charging the task. */
        CLUSTER,
        /** A defect of the engine; the job fails at once. */
        BUG
    }

    private final int number;
    private final Kind kind;

    ErrorCode(int number, Kind kind) {
        this.number = number;
        this.kind = kind;
    }

    /** Returns the stable number. */
    public int number() {
        return number;
    }

    /** Returns who can do something about it. */
    public Kind kind() {
        return kind;
    }
}
