/** Identifiers and immutable facts that the control side and the data side share. */
@NullMarked
package dev.sampo.internal.model;

import org.jspecify.annotations.NullMarked;
