/** Reads HOCON into records of settings, one per feature, and reports all problems at once. */
@NullMarked
package dev.sampo.internal.config;

import org.jspecify.annotations.NullMarked;
