package dev.sampo.internal.transfer;

import java.time.Duration;

/**
 * What a data port may take.
 *
 * @param memoryBytes the most bytes that all open streams of a client hold unread; a stream waits for its window
 * @param windowBytes the most bytes that one open stream holds unread
 * @param connect how long a connection may take to come about, handshakes included
 * @param answer how long the other side may take for the first answer to a request
 * @param progress how long a stream that is waited for may stand still
 * @param idle how long a connection without open streams is kept by its client; its server keeps one that says nothing
 *     for three times as long
 * @param connections the most connections a server accepts
 * @param streams the most open streams and unanswered notices of one connection
 */
public record TransferLimits(
        long memoryBytes,
        int windowBytes,
        Duration connect,
        Duration answer,
        Duration progress,
        Duration idle,
        int connections,
        int streams) {
    /** The most bytes of a notice, and of its answer. */
    public static final int LARGEST_NOTICE = 64 << 10;

    /** The most bytes of the UTF-8 form of a name. */
    public static final int LARGEST_NAME = 64 << 10;

    static final int SMALLEST_WINDOW = 4 << 10;

    /** Checks the ranges. */
    public TransferLimits {
        if (windowBytes < SMALLEST_WINDOW || memoryBytes < windowBytes || memoryBytes >> 10 > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("windows of " + windowBytes + " bytes in " + memoryBytes
                    + " bytes of memory; expected windows of at least " + SMALLEST_WINDOW + ", memory for one of them");
        }
        if (connections < 1 || streams < 1) {
            throw new IllegalArgumentException(
                    connections + " connections, " + streams + " streams; expected at least 1");
        }
    }

    /** Returns 512 KiB per stream, 32 MiB for all, and times for a network that works. */
    public static TransferLimits defaults() {
        return new TransferLimits(
                32L << 20,
                512 << 10,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                Duration.ofSeconds(20),
                1024,
                512);
    }

    /** Returns these with other times. */
    public TransferLimits withTimes(Duration newConnect, Duration newAnswer, Duration newProgress, Duration newIdle) {
        return new TransferLimits(
                memoryBytes, windowBytes, newConnect, newAnswer, newProgress, newIdle, connections, streams);
    }

    /** Returns these with other memory. */
    public TransferLimits withMemory(long newMemoryBytes, int newWindowBytes) {
        return new TransferLimits(
                newMemoryBytes, newWindowBytes, connect, answer, progress, idle, connections, streams);
    }

    /** Returns these with other numbers of connections and streams. */
    public TransferLimits withCounts(int newConnections, int newStreams) {
        return new TransferLimits(
                memoryBytes, windowBytes, connect, answer, progress, idle, newConnections, newStreams);
    }
}
