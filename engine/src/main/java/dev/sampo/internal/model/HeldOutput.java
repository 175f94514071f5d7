package dev.sampo.internal.model;

import java.io.Serializable;

/**
 * The finished output of an attempt that waits on a node for the next stage to fetch it.
 *
 * @param attempt the attempt that wrote it
 * @param node the node that holds it
 * @param bytes its size
 */
public record HeldOutput(AttemptId attempt, NodeId node, long bytes) implements Serializable {}
