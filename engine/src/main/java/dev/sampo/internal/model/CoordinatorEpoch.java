package dev.sampo.internal.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.io.Serializable;

/**
 * The reign of one coordinator. Every control message carries it; what comes from an older reign is refused.
 *
 * @param value rises with every coordinator
 */
public record CoordinatorEpoch(@JsonValue long value) implements Serializable, Comparable<CoordinatorEpoch> {
    /** Checks the value. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public CoordinatorEpoch {
        if (value < 0) {
            throw new IllegalArgumentException("epoch " + value + "; expected at least 0");
        }
    }

    /** Returns whether this reign ended before {@code other} began. */
    public boolean isOlderThan(CoordinatorEpoch other) {
        return value < other.value;
    }

    @Override
    public int compareTo(CoordinatorEpoch other) {
        return Long.compare(value, other.value);
    }
}
