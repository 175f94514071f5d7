package dev.sampo.internal.model;

import dev.sampo.spi.ErrorCode;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * Why an attempt failed, flat, so that it can travel.
 *
 * @param kind who is to blame
 * @param code which error it is
 * @param message what, the offending value, what was expected
 * @param stackTrace the stack trace of the cause, shortened; empty when there is none
 * @param path the file or other source of the record at which it failed; empty when unknown
 * @param offset the offset of that record in {@code path}; -1 when unknown
 * @param producer the attempt whose output could not be fetched, where {@code kind} is {@link FailureKind#FETCH}
 */
public record FailureReport(
        FailureKind kind,
        ErrorCode code,
        String message,
        String stackTrace,
        String path,
        long offset,
        @Nullable AttemptId producer)
        implements Serializable {
    /** Returns a report that names no record. */
    public static FailureReport of(FailureKind kind, ErrorCode code, String message) {
        return new FailureReport(kind, code, message, "", "", -1, null);
    }

    /** Returns the message with the record's position, where known. */
    public String describe() {
        if (path.isEmpty()) {
            return message;
        }
        return message + " (at " + path + (offset >= 0 ? ", offset " + offset : "") + ")";
    }
}
