/** Tests of membership. */
@NullMarked
package dev.sampo.internal.cluster;

import org.jspecify.annotations.NullMarked;
