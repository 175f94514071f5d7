/** Tests of attempts and their supervision. */
@NullMarked
package dev.sampo.internal.execute;

import org.jspecify.annotations.NullMarked;
