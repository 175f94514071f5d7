package dev.sampo.cli;

import dev.sampo.spi.ErrorCode;

/** How the command ended, as the shell sees it. The numbers are stable over releases. */
public enum ExitCode {
    /** The command did what it was asked for. */
    OK(0, "The job succeeded"),
    /** A defect of Sampo. */
    INTERNAL(1, "A defect of Sampo"),
    /** Wrong arguments or settings. */
    USAGE(2, "Wrong arguments or settings"),
    /** The code of the job failed, or took too long. */
    JOB_FAILED(3, "The code of the job failed"),
    /** An input is missing, unreadable, or not what it should be. */
    INPUT(4, "An input is missing, unreadable or malformed"),
    /** The output exists, is in use, or cannot be written. */
    OUTPUT(5, "The output exists already or cannot be written"),
    /** The job's class cannot be loaded, or what it describes is not a job that can run. */
    JOB_CLASS(6, "The class of a job is missing or wrong"),
    /** Memory, disk or slots ran out. */
    RESOURCES(7, "Memory, disk or slots ran out"),
    /** Nodes or the network failed. */
    CLUSTER(8, "Nodes or the network failed"),
    /** No seed of the cluster answers. */
    UNREACHABLE(9, "No seed of the cluster answers"),
    /** The cluster wants a token, or one with another role. */
    ACCESS(10, "The cluster wants a token, or one that may do this"),
    /** There is no such job, node or result, or the id is that of another job. */
    UNKNOWN(11, "The cluster does not know the job or node, or knows another by this id"),
    /** The cluster takes no more for now, or not so much. */
    REFUSED(12, "The cluster takes no more for now, or not so much at once"),
    /** Stopped by Ctrl-C: 128 and the number of the signal, as shells have it. */
    CANCELED(130, "The job was canceled");

    private final int number;
    private final String description;

    ExitCode(int number, String description) {
        this.number = number;
        this.description = description;
    }

    /** Returns the number that the process ends with. */
    public int number() {
        return number;
    }

    /** Returns a line for the help. */
    public String description() {
        return description;
    }

    /** Returns how the command ends after an error of the engine. */
    static ExitCode of(ErrorCode error) {
        return switch (error) {
            case INPUT_NOT_FOUND, INPUT_UNREADABLE, INPUT_CORRUPT, RECORD_TOO_LARGE -> INPUT;
            case OUTPUT_EXISTS, OUTPUT_CLAIMED, OUTPUT_NOT_SHARED, OUTPUT_UNWRITABLE -> OUTPUT;
            case CONFIG_INVALID, QUEUE_UNKNOWN, REQUEST_INVALID -> USAGE;
            case NO_ANSWER -> UNREACHABLE;
            case UNAUTHENTICATED, FORBIDDEN -> ACCESS;
            case JOB_UNKNOWN, NOT_FOUND -> UNKNOWN;
            case QUEUE_FULL, TOO_MANY_REQUESTS, REQUEST_TOO_LARGE -> REFUSED;
            case JOB_INVALID, JOB_CLASS, JOB_NOT_SERIALIZABLE, CODEC_UNKNOWN -> JOB_CLASS;
            case JOB_CANCELED -> CANCELED;
            default -> ofKind(error.kind());
        };
    }

    private static ExitCode ofKind(ErrorCode.Kind kind) {
        return switch (kind) {
            case USER -> JOB_FAILED;
            case RESOURCE -> RESOURCES;
            case CLUSTER -> CLUSTER;
            case BUG -> INTERNAL;
        };
    }
}
