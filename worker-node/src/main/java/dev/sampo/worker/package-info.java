/** The program of a worker node. */
@NullMarked
package dev.sampo.worker;

import org.jspecify.annotations.NullMarked;
