package dev.sampo.internal.fault;

import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.FailureKind;
import dev.sampo.internal.model.FailureReport;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Turns what was thrown into a report that can travel, and says who is to blame. The one place that does. Safe for
 * throwables of users: those with an endless chain of causes, a huge trace, or a message that cannot be asked for.
 */
public final class FailureClassifier {
    /** How operating systems say that a disk or a quota is full; there is no type for it. */
    private static final List<String> FULL_DISK =
            List.of("no space left on device", "disk quota exceeded", "not enough space on the disk");

    private FailureClassifier() {}

    /** Returns the report of a failure. Never throws. */
    public static FailureReport classify(Throwable failure, FailureOrigin origin) {
        Optional<FailureReport> interrupted = interrupted(failure, origin);
        if (interrupted.isPresent()) {
            return interrupted.get();
        }
        Throwable outOfMemory = ThrowableText.causeIn(failure, OutOfMemoryError.class);
        if (outOfMemory != null) {
            return report(
                    FailureKind.MEMORY, ErrorCode.OUT_OF_MEMORY, ThrowableText.describe(outOfMemory), failure, origin);
        }
        SampoException known = ThrowableText.causeIn(failure, SampoException.class);
        // Also where a function of the job caught it and threw its own: a lost segment is not the function's fault.
        if (known != null) {
            return report(kindOf(known.code(), origin), known.code(), ThrowableText.messageOf(known), failure, origin);
        }
        if (hasFullDisk(failure)) {
            return report(
                    FailureKind.RESOURCE, ErrorCode.SPILL_FAILED, ThrowableText.describe(failure), failure, origin);
        }
        return origin.inUserCode() ? userCodeFailed(failure, origin) : engineFailed(failure, origin);
    }

    /**
     * Returns the report of a map output that could not be fetched.
     *
     * @param producer the attempt whose output it was; it is to blame, not the reader
     */
    public static FailureReport fetchFailed(AttemptId producer, Throwable failure) {
        return new FailureReport(
                FailureKind.FETCH,
                ErrorCode.FETCH_FAILED,
                "Output of attempt " + producer + " cannot be fetched: " + ThrowableText.describe(failure),
                ThrowableText.stackTraceOf(failure),
                "",
                -1,
                producer);
    }

    private static Optional<FailureReport> interrupted(Throwable failure, FailureOrigin origin) {
        boolean byInterrupt = ThrowableText.causeIn(failure, InterruptedException.class) != null
                || ThrowableText.causeIn(failure, ClosedByInterruptException.class) != null
                || ThrowableText.causeIn(failure, InterruptedIOException.class) != null;
        if (origin.canceled() && byInterrupt) {
            return Optional.of(FailureReport.of(
                    FailureKind.PLAN, ErrorCode.JOB_CANCELED, "The attempt was told to stop, and was interrupted"));
        }
        return Optional.empty();
    }

    private static FailureReport userCodeFailed(Throwable failure, FailureOrigin origin) {
        return report(
                origin.hasRecord() ? FailureKind.RECORD : FailureKind.USER_CODE,
                ErrorCode.USER_CODE_FAILED,
                "A function of the job threw " + ThrowableText.describe(failure),
                failure,
                origin);
    }

    private static FailureReport engineFailed(Throwable failure, FailureOrigin origin) {
        if (ThrowableText.causeIn(failure, IOException.class) == null) {
            return report(FailureKind.ENGINE, ErrorCode.INTERNAL, ThrowableText.describe(failure), failure, origin);
        }
        ErrorCode code = origin.path().isEmpty() ? ErrorCode.SPILL_FAILED : ErrorCode.INPUT_UNREADABLE;
        return report(FailureKind.RESOURCE, code, ThrowableText.describe(failure), failure, origin);
    }

    private static boolean hasFullDisk(Throwable failure) {
        IOException io = ThrowableText.causeIn(failure, IOException.class);
        if (io == null) {
            return false;
        }
        String message = ThrowableText.messageOf(io).toLowerCase(Locale.ROOT);
        return FULL_DISK.stream().anyMatch(message::contains);
    }

    private static FailureKind kindOf(ErrorCode code, FailureOrigin origin) {
        return switch (code) {
            case INPUT_CORRUPT, RECORD_TOO_LARGE -> FailureKind.RECORD;
            case CODEC_CANNOT_ENCODE, USER_CODE_FAILED, NULL_EMITTED, PARTITION_OUT_OF_RANGE ->
                origin.hasRecord() ? FailureKind.RECORD : FailureKind.USER_CODE;
            case CONFIG_INVALID,
                    JOB_INVALID,
                    JOB_CLASS,
                    JOB_NOT_SERIALIZABLE,
                    JOB_UNKNOWN,
                    QUEUE_UNKNOWN,
                    CODEC_UNKNOWN,
                    ATTEMPT_TIMED_OUT,
                    OUTPUT_EXISTS,
                    OUTPUT_CLAIMED,
                    OUTPUT_NOT_SHARED,
                    REQUEST_INVALID,
                    REQUEST_TOO_LARGE,
                    UNAUTHENTICATED,
                    FORBIDDEN,
                    NOT_FOUND -> FailureKind.USER_CODE;
            case INPUT_NOT_FOUND,
                    INPUT_UNREADABLE,
                    OUTPUT_UNWRITABLE,
                    SPILL_FAILED,
                    NO_SLOTS,
                    QUEUE_FULL,
                    TOO_MANY_REQUESTS -> FailureKind.RESOURCE;
            case OUT_OF_MEMORY -> FailureKind.MEMORY;
            case JOB_CANCELED, ENGINE_CLOSED -> FailureKind.PLAN;
            case NODE_LOST, NO_ANSWER, STALE_EPOCH -> FailureKind.NODE;
            case FETCH_FAILED -> FailureKind.FETCH;
            case DATA_CORRUPT, INTERNAL -> FailureKind.ENGINE;
        };
    }

    private static FailureReport report(
            FailureKind kind, ErrorCode code, String message, Throwable failure, FailureOrigin origin) {
        return new FailureReport(
                kind, code, message, ThrowableText.stackTraceOf(failure), origin.path(), origin.offset(), null);
    }
}
