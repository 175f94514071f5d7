/** Sorts lines of text, and records of 100 bytes by their first ten. */
@NullMarked
package dev.sampo.examples.sort;

import org.jspecify.annotations.NullMarked;
