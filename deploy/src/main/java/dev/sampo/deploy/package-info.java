/** What a container starts in place of a shell script: one program for seeds, workers and the command line. */
@NullMarked
package dev.sampo.deploy;

import org.jspecify.annotations.NullMarked;
