/** What happened, for people and for metrics: job events, log lines with the ids first, meters. */
@NullMarked
package dev.sampo.internal.observe;

import org.jspecify.annotations.NullMarked;
