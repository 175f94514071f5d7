/** Wiring: puts the parts of a node together, starts them in order and stops them in the opposite one. */
@NullMarked
package dev.sampo.internal.runtime;

import org.jspecify.annotations.NullMarked;
