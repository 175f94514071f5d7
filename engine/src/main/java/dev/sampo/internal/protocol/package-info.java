/**
 * Every message that crosses a node boundary. A protocol is an open {@code Command}, which the actor of the protocol
 * extends by private messages, and a sealed {@code Wire} half of records that travel as Jackson CBOR. Control messages
 * carry the epoch of the coordinator that sent them, or whose order they answer.
 */
@NullMarked
package dev.sampo.internal.protocol;

import org.jspecify.annotations.NullMarked;
