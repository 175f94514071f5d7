/** An application that embeds an engine. */
@NullMarked
package dev.sampo.host;

import org.jspecify.annotations.NullMarked;
