package dev.sampo.internal.fault;

import java.util.Objects;

/**
 * Where an attempt was when it failed, which a throwable does not say.
 *
 * @param inUserCode whether a function of the job was running
 * @param canceled whether the attempt had been told to stop
 * @param path the file or other source of the record at hand; empty when there was none
 * @param offset the offset of that record in {@code path}; -1 when unknown
 */
public record FailureOrigin(boolean inUserCode, boolean canceled, String path, long offset) {
    private static final FailureOrigin ENGINE = new FailureOrigin(false, false, "", -1);
    private static final FailureOrigin USER_CODE = new FailureOrigin(true, false, "", -1);

    /** Checks the path. */
    public FailureOrigin {
        Objects.requireNonNull(path, "path");
    }

    /** Returns the engine's own code, at no record. */
    public static FailureOrigin engine() {
        return ENGINE;
    }

    /** Returns a function of the job, at no record. */
    public static FailureOrigin userCode() {
        return USER_CODE;
    }

    /** Returns the same code at a record. */
    public FailureOrigin at(String recordPath, long recordOffset) {
        return new FailureOrigin(inUserCode, canceled, recordPath, recordOffset);
    }

    /** Returns the same code in an attempt that had been told to stop. */
    public FailureOrigin afterCancel() {
        return new FailureOrigin(inUserCode, true, path, offset);
    }

    boolean hasRecord() {
        return !path.isEmpty() && offset >= 0;
    }
}
