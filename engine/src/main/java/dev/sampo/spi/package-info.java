/**
 * What an extension author implements: inputs, outputs and codecs, and the errors the engine reports. This package
 * depends on nothing else of Sampo.
 */
@NullMarked
package dev.sampo.spi;

import org.jspecify.annotations.NullMarked;
