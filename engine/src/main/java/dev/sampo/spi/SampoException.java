package dev.sampo.spi;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An error the engine reports. Its message says what happened, the offending value and what was expected. */
public final class SampoException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final ErrorCode code;

    /** Creates an error without a cause. */
    public SampoException(ErrorCode code, String message) {
        this(code, message, null);
    }

    /** Creates an error. */
    public SampoException(ErrorCode code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = Objects.requireNonNull(code, "code");
    }

    /** Returns which error it is. */
    public ErrorCode code() {
        return code;
    }
}
