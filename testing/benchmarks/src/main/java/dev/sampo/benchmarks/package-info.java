/** Measures a cluster of processes on one machine; a program of its own, see README.md there. */
@NullMarked
package dev.sampo.benchmarks;

import org.jspecify.annotations.NullMarked;
