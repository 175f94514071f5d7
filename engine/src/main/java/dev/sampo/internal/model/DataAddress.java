package dev.sampo.internal.model;

import java.io.Serializable;

/**
 * Where a node serves data: segments, blobs and parts of results, all on one port.
 *
 * @param host the host; empty when nobody else reads from the node
 * @param port the port; 0 when nobody else reads from the node
 */
public record DataAddress(String host, int port) implements Serializable {
    /** The address of a node that nobody else reads from. */
    public static final DataAddress NONE = new DataAddress("", 0);

    /** Checks the port. */
    public DataAddress {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException(
                    "data address " + host + ":" + port + "; expected a port from 0 to 65535");
        }
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
