/**
 * The data port of a node: streams of named bytes with flow control, and short notices with an answer. Knows nothing of
 * what the bytes are; who serves a kind of them registers a {@link dev.sampo.internal.transfer.ContentSource}.
 */
@NullMarked
package dev.sampo.internal.transfer;

import org.jspecify.annotations.NullMarked;
