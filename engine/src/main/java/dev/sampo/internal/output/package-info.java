/** Exactly one commit of a job's results to a directory on any file system of java.nio.file. */
@NullMarked
package dev.sampo.internal.output;

import org.jspecify.annotations.NullMarked;
