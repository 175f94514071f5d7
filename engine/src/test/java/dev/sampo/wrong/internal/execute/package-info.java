/** Wrong on purpose, for ArchitectureRulesTest. */
@NullMarked
package dev.sampo.wrong.internal.execute;

import org.jspecify.annotations.NullMarked;
