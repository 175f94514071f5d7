/** Tests of the engine as a whole: its architecture and its packaging. */
@NullMarked
package dev.sampo;

import org.jspecify.annotations.NullMarked;
