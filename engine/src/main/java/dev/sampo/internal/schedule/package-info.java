/**
 * What runs where and when: pure rules over events and a time that is passed in. No clock, no actor, no input or
 * output, no randomness; every object here belongs to one thread, and its methods return what should happen.
 */
@NullMarked
package dev.sampo.internal.schedule;

import org.jspecify.annotations.NullMarked;
