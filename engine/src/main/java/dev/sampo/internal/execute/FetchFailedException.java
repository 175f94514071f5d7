package dev.sampo.internal.execute;

import dev.sampo.internal.model.AttemptId;
import dev.sampo.spi.SampoException;

/** A segment could not be read; says whose output it is, so that its producer is run again and the reader is not blamed. */
final class FetchFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final AttemptId producer;

    FetchFailedException(AttemptId producer, SampoException cause) {
        super(cause.getMessage(), cause);
        this.producer = producer;
    }

    AttemptId producer() {
        return producer;
    }
}
