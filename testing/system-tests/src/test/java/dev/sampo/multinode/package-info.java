/** Clusters of several JVMs whose nodes are killed. */
@NullMarked
package dev.sampo.multinode;

import org.jspecify.annotations.NullMarked;
