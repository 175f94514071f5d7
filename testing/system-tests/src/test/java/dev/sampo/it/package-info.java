/** Programs as processes. */
@NullMarked
package dev.sampo.it;

import org.jspecify.annotations.NullMarked;
