/** Finds the most frequent words. */
@NullMarked
package dev.sampo.examples.topn;

import org.jspecify.annotations.NullMarked;
