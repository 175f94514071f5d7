package dev.sampo.internal.shuffle;

import dev.sampo.internal.model.AttemptId;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A segment could not be fetched from the node that should hold it. The message names segment, node and address. */
public final class SegmentFetchException extends IOException {
    private static final long serialVersionUID = 1;

    private final AttemptId producer;

    SegmentFetchException(AttemptId producer, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.producer = producer;
    }

    /** Returns whose output it is. */
    public AttemptId producer() {
        return producer;
    }
}
