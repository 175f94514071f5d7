/** Turns the facts of a job (its outline, its splits, a sample of its keys) into stages and tasks. Pure. */
@NullMarked
package dev.sampo.internal.plan;

import org.jspecify.annotations.NullMarked;
