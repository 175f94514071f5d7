/** What may be trusted: certificates, tokens, addresses to bind to, and the deserialization filter. */
@NullMarked
package dev.sampo.internal.security;

import org.jspecify.annotations.NullMarked;
