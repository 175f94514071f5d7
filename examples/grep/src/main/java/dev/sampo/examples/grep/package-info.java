/** Finds the lines that match a regular expression. */
@NullMarked
package dev.sampo.examples.grep;

import org.jspecify.annotations.NullMarked;
