/** Submitting jobs and following them. */
@NullMarked
package dev.sampo.internal.client;

import org.jspecify.annotations.NullMarked;
