@NullMarked
package dev.sampo.testkit;

import org.jspecify.annotations.NullMarked;
