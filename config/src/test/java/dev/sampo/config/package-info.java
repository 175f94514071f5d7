@NullMarked
package dev.sampo.config;

import org.jspecify.annotations.NullMarked;
