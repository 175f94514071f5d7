/** Runs the application. */
@NullMarked
package dev.sampo.host;

import org.jspecify.annotations.NullMarked;
