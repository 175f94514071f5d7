package dev.sampo.internal.coordinate;

import dev.sampo.internal.model.CoordinatorEpoch;

/** A node has served a reign of a higher epoch: this one would not be obeyed. Its coordinator begins another. */
final class OutdatedReignException extends RuntimeException {
    private static final long serialVersionUID = 1;

    OutdatedReignException(CoordinatorEpoch own, CoordinatorEpoch seen) {
        super("the reign has epoch " + own.value() + ", a node has served epoch " + seen.value(), null, false, false);
    }
}
