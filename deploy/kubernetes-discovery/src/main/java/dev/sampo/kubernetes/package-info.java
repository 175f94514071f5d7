/** Finds seeds by the API of Kubernetes, by Pekko Management's cluster bootstrap. */
@NullMarked
package dev.sampo.kubernetes;

import org.jspecify.annotations.NullMarked;
