/**
 * JUnit 5 tests of which every role runs in a JVM of its own. Start with {@link dev.sampo.testkit.MultiNodeTest} and
 * {@link dev.sampo.testkit.MultiNode}.
 *
 * <p>How it works: in the JVM of the build {@link dev.sampo.testkit.MultiNodeExtension} skips the test's body and forks
 * one JVM per role and one more, the conductor, which holds the barriers of Pekko's multi-node testkit. A node runs the
 * same test method through the JUnit platform and tells its verdict over a control connection. The parent is the only
 * one that starts and ends processes.
 */
@NullMarked
package dev.sampo.testkit;

import org.jspecify.annotations.NullMarked;
