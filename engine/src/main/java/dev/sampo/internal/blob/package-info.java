/**
 * Content-addressed job jars, broadcast values, small inputs and large definitions: kept per node, spread from node to
 * node. Knows nothing of what is in them.
 */
@NullMarked
package dev.sampo.internal.blob;

import org.jspecify.annotations.NullMarked;
