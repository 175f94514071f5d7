/** What the node programs have in common: their overlays, their options, their logging. */
@NullMarked
package dev.sampo.config;

import org.jspecify.annotations.NullMarked;
