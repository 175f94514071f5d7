package dev.sampo.internal.execute;

import org.apache.pekko.actor.CoordinatedShutdown;

/**
 * Why a node ends that the cluster does not take.
 *
 * @param reason what the coordinator said
 */
public record NodeRefusal(String reason) implements CoordinatedShutdown.Reason {}
