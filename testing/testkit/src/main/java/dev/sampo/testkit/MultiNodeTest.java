package dev.sampo.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * A test class whose test methods run on several JVMs at once, one per role. Every JVM runs the whole method, with its
 * before and after methods; {@link MultiNode#runOn} and {@link MultiNode#is} tell the roles apart, {@link
 * MultiNode#barrier} brings them together:
 *
 * <pre>{@code
 * @MultiNodeTest(roles = {"seed", "worker-1", "worker-2"})
 * class FailoverMultiNodeIT {
 *     @Test
 *     void survivesTheDeathOfAWorker(MultiNode node) throws Exception {
 *         node.barrier("cluster formed");
 *         node.runOn("seed", () -> node.kill("worker-1"));
 *     }
 * }
 * }</pre>
 *
 * <p>The JVMs are fresh for each method. A role that has come to the end of the method stays alive until all have, so a
 * role may be killed that has nothing to do but be there. The method passes when every role passed, or ended as it was
 * expected to. The first failure cancels the other roles.
 *
 * <p>Such a class belongs to Failsafe: its name ends in {@code MultiNodeIT}. Output of a role appears with its name in
 * front and in {@code target/multi-node/<class>/<method>/<role>.log}; system property {@code sampo.testkit.directory}
 * names another directory than {@code target/multi-node}.
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("multi-node")
@ResourceLock("dev.sampo.testkit.multi-node")
@ExtendWith(MultiNodeExtension.class)
public @interface MultiNodeTest {
    /**
     * The names of the roles, at least one, each once: 1 to 64 letters, digits, dots, hyphens and underscores, the
     * first a letter or digit.
     */
    String[] roles();

    /**
     * How long one test method may take in all, with the start of the JVMs. After it a thread dump of every node is
     * written to its log, the nodes are killed, and the test fails.
     */
    int timeoutSeconds() default 120;

    /** Arguments for the JVM of every role, after the kit's own ({@code -Xmx256m} and a quick start). */
    String[] jvmArguments() default {};

    /** HOCON that overrides the configuration of {@link MultiNode#system()}, for instance {@code pekko.loglevel = INFO}. */
    String config() default "";
}
