package dev.sampo.internal.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.io.Serializable;

/**
 * The identity of one life of a node: its address and a number that differs when it is started again.
 *
 * @param value not empty
 */
public record NodeId(@JsonValue String value) implements Serializable, Comparable<NodeId> {
    /** Checks the value. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public NodeId {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("node id ''; expected at least one character");
        }
    }

    @Override
    public int compareTo(NodeId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
