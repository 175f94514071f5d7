package dev.sampo.testkit;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Address;

/** The test's view in a forked JVM. */
final class ForkedNode implements MultiNode {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final NodeOptions options;
    private final ConductedSpec spec;
    private final ParentLink parent;

    ForkedNode(NodeOptions options, ConductedSpec spec, ParentLink parent) {
        this.options = options;
        this.spec = spec;
        this.parent = parent;
    }

    @Override
    public String role() {
        return options.node();
    }

    @Override
    public List<String> roles() {
        return options.roles();
    }

    @Override
    public boolean is(String role) {
        return options.node().equals(known(role));
    }

    @Override
    public void runOn(String role, Body body) throws Exception {
        if (is(role)) {
            body.run();
        }
    }

    @Override
    public void barrier(String name) {
        barrier(name, LIMIT);
    }

    @Override
    public void barrier(String name, Duration limit) {
        try {
            spec.enter(name, limit);
        } catch (Exception e) {
            // Scala throws checked exceptions without saying so
            String reason = parent.cancelReason();
            if (reason != null) {
                throw new AssertionError("barrier '" + name + "': canceled, " + reason, e);
            }
            throw new AssertionError(
                    "barrier '" + name + "': " + e.getMessage() + " (limit " + limit.toMillis()
                            + " ms; every living role must come to the same barriers in the same order)",
                    e);
        }
    }

    @Override
    public void kill(String role) {
        var unused = parent.ask(LIMIT, NodeRequests.Operation.KILL, known(role));
    }

    @Override
    public void exit(String role, int code) {
        var unused = parent.ask(LIMIT, NodeRequests.Operation.EXIT, known(role), Integer.toString(code));
    }

    @Override
    public void expectExit(String role) {
        var unused = parent.ask(LIMIT, NodeRequests.Operation.EXPECT_EXIT, known(role));
    }

    @Override
    public int awaitExit(String role, Duration limit) {
        return Integer.parseInt(parent.ask(limit, NodeRequests.Operation.AWAIT_EXIT, known(role)));
    }

    @Override
    public void publish(String name, String value) {
        var unused = parent.ask(LIMIT, NodeRequests.Operation.PUBLISH, name, value);
    }

    @Override
    public String published(String name) {
        return parent.ask(LIMIT, NodeRequests.Operation.PUBLISHED, name);
    }

    @Override
    public ActorSystem system() {
        return spec.system();
    }

    @Override
    public Address address(String role) {
        try {
            return spec.addressOf(known(role));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("address of " + role + ": interrupted, " + parent.cancelReason(), e);
        }
    }

    @Override
    public String host() {
        return System.getProperty("multinode.host");
    }

    @Override
    public Path directory() {
        return options.directory();
    }

    private String known(String role) {
        if (!options.roles().contains(role)) {
            throw new IllegalArgumentException("role '" + role + "'; expected one of " + options.roles());
        }
        return role;
    }
}
