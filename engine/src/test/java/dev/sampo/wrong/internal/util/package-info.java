/** Wrong on purpose, for ArchitectureRulesTest. */
@NullMarked
package dev.sampo.wrong.internal.util;

import org.jspecify.annotations.NullMarked;
