/**
 * The command {@code sampo}. Results go to stdout, everything else to stderr; {@link dev.sampo.cli.ExitCode} says how it
 * went.
 */
@NullMarked
package dev.sampo.cli;

import org.jspecify.annotations.NullMarked;
