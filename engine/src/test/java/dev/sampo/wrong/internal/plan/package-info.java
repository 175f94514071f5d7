/** Wrong on purpose, for ArchitectureRulesTest. */
@NullMarked
package dev.sampo.wrong.internal.plan;

import org.jspecify.annotations.NullMarked;
