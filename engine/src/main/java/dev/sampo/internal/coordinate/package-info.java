/** The actors around the pure scheduler: one coordinator of the cluster, and one for each job. */
@NullMarked
package dev.sampo.internal.coordinate;

import org.jspecify.annotations.NullMarked;
