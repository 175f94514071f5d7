/** Counts how often each word occurs. */
@NullMarked
package dev.sampo.examples.wordcount;

import org.jspecify.annotations.NullMarked;
