package dev.sampo.spi;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * One piece of an input, the work of one map task. Only the source that made it reads its payload; everybody else
 * treats it as opaque bytes.
 *
 * @param identity what data this is, stable from run to run, so that the same data meets the same node again (for
 *     instance the path and the offset); also shown to people
 * @param bytes an estimate of the input bytes in it, at least 0
 * @param locations where the data is at hand: each the host of a node, its {@code host:port}, or a label such as {@code
 *     zone=a}; a node that one of them names is preferred; empty when the data is as near to every node
 * @param payload what {@link InputSource#open} needs
 */
public record Split(String identity, long bytes, List<String> locations, byte[] payload) implements Serializable {
    /** Checks and copies the components. */
    public Split {
        Objects.requireNonNull(identity, "identity");
        locations = List.copyOf(locations);
        payload = payload.clone();
        if (bytes < 0) {
            throw new IllegalArgumentException("bytes of split " + identity + ": " + bytes + "; expected at least 0");
        }
    }

    @Override
    public byte[] payload() {
        return payload.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Split that
                && identity.equals(that.identity)
                && bytes == that.bytes
                && locations.equals(that.locations)
                && Arrays.equals(payload, that.payload);
    }

    @Override
    public int hashCode() {
        return Objects.hash(identity, bytes, locations, Arrays.hashCode(payload));
    }

    @Override
    public String toString() {
        return "Split[" + identity + ", " + bytes + " bytes]";
    }
}
