/**
 * Runs attempts on a node: the node's agent, one actor per attempt, and the work of each kind of attempt. User code
 * runs here and nowhere else, on threads of its own.
 */
@NullMarked
package dev.sampo.internal.execute;

import org.jspecify.annotations.NullMarked;
