package dev.sampo.internal.model;

import java.io.Serializable;

/**
 * A slot of a node that is lent to a job until the job gives it back.
 *
 * @param id never used twice in a cluster's life
 * @param node the node the slot belongs to
 */
public record SlotLease(long id, NodeId node) implements Serializable {}
