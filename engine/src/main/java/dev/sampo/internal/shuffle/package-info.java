/**
 * The data path between map and reduce: partition, combine, sort, spill, merge, keep and serve. Works on bytes from end
 * to end and knows neither keys nor values as objects, but for the one check of a {@link
 * dev.sampo.internal.shuffle.ValueFold}.
 */
@NullMarked
package dev.sampo.internal.shuffle;

import org.jspecify.annotations.NullMarked;
