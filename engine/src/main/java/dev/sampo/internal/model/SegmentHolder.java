package dev.sampo.internal.model;

import java.io.Serializable;

/**
 * A node that holds outputs, as those who fetch them need to know it.
 *
 * @param node this life of the node
 * @param data where it serves them
 */
public record SegmentHolder(NodeId node, DataAddress data) implements Serializable {}
