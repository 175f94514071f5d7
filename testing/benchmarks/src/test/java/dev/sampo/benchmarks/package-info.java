/** Shows that the benchmark programs run. */
@NullMarked
package dev.sampo.benchmarks;

import org.jspecify.annotations.NullMarked;
