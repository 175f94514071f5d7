/** The way in: {@link dev.sampo.Sampo}. */
@NullMarked
package dev.sampo;

import org.jspecify.annotations.NullMarked;
