/** Says who is to blame for a failure, and gives tests the places where failures can be injected. */
@NullMarked
package dev.sampo.internal.fault;

import org.jspecify.annotations.NullMarked;
