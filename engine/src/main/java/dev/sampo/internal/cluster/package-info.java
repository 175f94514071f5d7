/** Membership and the task router. */
@NullMarked
package dev.sampo.internal.cluster;

import org.jspecify.annotations.NullMarked;
