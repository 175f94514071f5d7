/**
 * The HTTP API of a seed: the same at every seed, for whoever is no member of the cluster. One table of endpoints is what
 * is served, what is documented, and what the tests walk.
 */
@NullMarked
package dev.sampo.seed.http;

import org.jspecify.annotations.NullMarked;
