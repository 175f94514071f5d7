/** Uses the engine inside an ordinary program. */
@NullMarked
package dev.sampo.examples.embedded;

import org.jspecify.annotations.NullMarked;
