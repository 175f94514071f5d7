/** What may be trusted: the deserialization filter. */
@NullMarked
package dev.sampo.internal.security;

import org.jspecify.annotations.NullMarked;
