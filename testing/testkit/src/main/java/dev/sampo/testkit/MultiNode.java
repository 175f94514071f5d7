package dev.sampo.testkit;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Address;

/**
 * A test's view of its own node and of the others. Test methods of a {@link MultiNodeTest} class take it as a
 * parameter. Used by the thread of the test only.
 *
 * <p>Every operation that waits gives up with an {@link AssertionError} that says what it waited for.
 */
public interface MultiNode {
    /** A part of a test. */
    @FunctionalInterface
    interface Body {
        /** Runs the part. */
        void run() throws Exception;
    }

    /** Returns the role of this JVM. */
    String role();

    /** Returns all roles, in the order of the annotation. */
    List<String> roles();

    /** Returns whether this JVM has the role. */
    boolean is(String role);

    /** Runs the body when this JVM has the role. */
    void runOn(String role, Body body) throws Exception;

    /**
     * Waits until every role that is still expected to live has come to the barrier of this name, at most 60 seconds.
     * All roles must come to the same barriers in the same order.
     */
    void barrier(String name);

    /** Waits at the barrier of this name, at most as long as {@code limit}. */
    void barrier(String name, Duration limit);

    /**
     * Ends the JVM of the role at once, as {@code kill -9} does: no shutdown hook runs, its connections break. Returns
     * when the process is gone. Barriers no longer wait for it.
     */
    void kill(String role);

    /**
     * Lets the JVM of the role call {@link System#exit}, so that its shutdown hooks run, and returns when the process is
     * gone.
     *
     * @throws AssertionError when it ended with another code
     */
    void exit(String role, int code);

    /**
     * Announces that the JVM of the role is going to end by itself: its end is no failure, and it is one if the role
     * reaches the end of the test instead. From now on barriers do not wait for the role, and it cannot come to any.
     */
    void expectExit(String role);

    /**
     * Waits for the end of a JVM announced by {@link #expectExit}, and returns its exit code; 128 + n when signal n
     * ended it.
     */
    int awaitExit(String role, Duration limit);

    /** Gives a value a name that is unique in the test, for the other roles; for instance a port that was free. */
    void publish(String name, String value);

    /** Returns what some role published under the name; waits for it, at most 60 seconds. */
    String published(String name);

    /**
     * Returns this node's actor system, a cluster member that has not joined yet. The barriers use it, so the test must
     * not terminate it, and a downed member does not terminate by itself. A test of a program that has a system of its
     * own leaves it alone.
     */
    ActorSystem system();

    /** Returns the address of the actor system of a role. */
    Address address(String role);

    /** Returns the loopback address that belongs to this run alone; ports on it are not taken by others. */
    String host();

    /** Returns the directory of the test run, which all roles share; their logs are in it. Empty at the start. */
    Path directory();
}
