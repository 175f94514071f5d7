package dev.sampo.internal.transfer;

import dev.sampo.spi.ErrorCode;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A stream or a notice failed. The message names the other side's address, and what was asked for. */
public final class TransferException extends IOException {
    private static final long serialVersionUID = 1;

    private final ErrorCode code;
    private final boolean answered;

    TransferException(ErrorCode code, boolean answered, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.answered = answered;
    }

    /** Returns the code that the other side gave, or what went wrong on the way. */
    public ErrorCode code() {
        return code;
    }

    /** Returns whether the other side answered, so that to ask again is of no use; else the connection failed. */
    public boolean isAnswered() {
        return answered;
    }
}
