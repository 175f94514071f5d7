/** The inputs, outputs and codecs that ship with Sampo, and {@link dev.sampo.io.Text}. */
@NullMarked
package dev.sampo.io;

import org.jspecify.annotations.NullMarked;
