/** The program of a seed node. */
@NullMarked
package dev.sampo.seed;

import org.jspecify.annotations.NullMarked;
