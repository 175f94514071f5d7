/** Joins two files by key. */
@NullMarked
package dev.sampo.examples.join;

import org.jspecify.annotations.NullMarked;
