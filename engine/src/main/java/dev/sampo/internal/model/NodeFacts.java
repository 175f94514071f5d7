package dev.sampo.internal.model;

import java.io.Serializable;

/**
 * What a worker node says of itself when it offers its slots.
 *
 * @param id this life of the node
 * @param address where it is, stable over its lives; what the placement ring hashes
 * @param slots how many attempts it runs at once, at least 1
 * @param shuffleHost the host its segments are served on; empty when nobody else fetches from it
 * @param shufflePort the port its segments are served on; 0 when nobody else fetches from it
 */
public record NodeFacts(NodeId id, String address, int slots, String shuffleHost, int shufflePort)
        implements Serializable {
    /** Checks the numbers. */
    public NodeFacts {
        if (slots < 1 || shufflePort < 0 || shufflePort > 65_535) {
            throw new IllegalArgumentException("node " + id + ": " + slots + " slots, shuffle port " + shufflePort
                    + "; expected at least 1 slot and a port from 0 to 65535");
        }
    }
}
