/** Wrong on purpose, for ArchitectureRulesTest. */
@NullMarked
package dev.sampo.wrong.api;

import org.jspecify.annotations.NullMarked;
