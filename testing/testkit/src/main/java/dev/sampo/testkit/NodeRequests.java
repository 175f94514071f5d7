package dev.sampo.testkit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Serves what nodes ask of the parent: ending and awaiting other nodes, and the values they publish. Used by the thread
 * of the run only.
 */
final class NodeRequests {
    /** What a node may ask for; the arguments in brackets. */
    enum Operation {
        /** [role] */
        KILL,
        /** [role, code] */
        EXIT,
        /** [role] */
        EXPECT_EXIT,
        /** [role] */
        AWAIT_EXIT,
        /** [name, value] */
        PUBLISH,
        /** [name] */
        PUBLISHED
    }

    /** A request that the conductor has to prepare: nobody may wait for the role any more when it goes. */
    private record Removal(NodeProcess asker, String id, Operation operation, NodeProcess target, String argument) {}

    /** A request that is answered when a process has ended. */
    private record AwaitedEnd(NodeProcess asker, String id, NodeProcess target, OptionalInt expectedCode) {}

    private record AwaitedValue(NodeProcess asker, String id, String name) {}

    private final Map<String, NodeProcess> nodes;
    private final Map<String, Removal> removals = new HashMap<>();
    private final List<AwaitedEnd> awaitedEnds = new ArrayList<>();
    private final List<AwaitedValue> awaitedValues = new ArrayList<>();
    private final Map<String, String> published = new HashMap<>();
    private int lastRemoval;

    NodeRequests(Map<String, NodeProcess> nodes) {
        this.nodes = nodes;
    }

    /** Returns whether an end that was ordered is still to come. */
    boolean arePending() {
        return !removals.isEmpty()
                || awaitedEnds.stream().anyMatch(awaited -> !awaited.target().hasEnded());
    }

    void onRequest(NodeProcess asker, Frame request) {
        String id = request.field(0);
        Operation operation = Operation.valueOf(request.field(1));
        String name = request.field(2);
        switch (operation) {
            case PUBLISH -> publish(asker, id, name, request.field(3));
            case PUBLISHED -> {
                awaitedValues.add(new AwaitedValue(asker, id, name));
                answerValues();
            }
            case AWAIT_EXIT -> awaitExit(asker, id, target(name));
            default ->
                remove(asker, id, operation, target(name), request.fields().size() > 3 ? request.field(3) : "");
        }
    }

    private NodeProcess target(String role) {
        NodeProcess target = nodes.get(role);
        if (target == null) {
            throw new IllegalStateException("role " + role + " is unknown; nodes check that before they ask");
        }
        return target;
    }

    private void publish(NodeProcess asker, String id, String name, String value) {
        String before = published.putIfAbsent(name, value);
        if (before != null) {
            error(asker, id, "'" + name + "' is published already, as '" + before + "'; expected a name of its own");
            return;
        }
        ok(asker, id, "");
        answerValues();
    }

    private void answerValues() {
        for (Iterator<AwaitedValue> all = awaitedValues.iterator(); all.hasNext(); ) {
            AwaitedValue awaited = all.next();
            String value = published.get(awaited.name());
            if (value != null) {
                all.remove();
                ok(awaited.asker(), awaited.id(), value);
            }
        }
    }

    private void awaitExit(NodeProcess asker, String id, NodeProcess target) {
        if (!target.isEndExpected()) {
            error(asker, id, "the end of " + target.name() + " is awaited but not announced; call expectExit first");
            return;
        }
        awaitedEnds.add(new AwaitedEnd(asker, id, target, OptionalInt.empty()));
        answerEnds(target);
    }

    private void remove(NodeProcess asker, String id, Operation operation, NodeProcess target, String argument) {
        if (target.hasEnded()) {
            error(
                    asker,
                    id,
                    target.name() + " has ended already, with code "
                            + target.exitCode().getAsInt());
            return;
        }
        target.expectEnd();
        String removal = Integer.toString(++lastRemoval);
        removals.put(removal, new Removal(asker, id, operation, target, argument));
        target(RunPlan.CONDUCTOR).send(Frame.of(Frame.Kind.REMOVE, removal, target.name()));
    }

    /** The conductor no longer waits for the role. */
    void onRemoved(String removalId) {
        Removal removal = removals.remove(removalId);
        if (removal == null) {
            return;
        }
        NodeProcess target = removal.target();
        switch (removal.operation()) {
            case KILL -> {
                target.kill();
                awaitedEnds.add(new AwaitedEnd(removal.asker(), removal.id(), target, OptionalInt.empty()));
            }
            case EXIT -> {
                target.send(Frame.of(Frame.Kind.EXIT, removal.argument()));
                OptionalInt code = OptionalInt.of(Integer.parseInt(removal.argument()));
                awaitedEnds.add(new AwaitedEnd(removal.asker(), removal.id(), target, code));
            }
            default -> ok(removal.asker(), removal.id(), "");
        }
        answerEnds(target);
    }

    void onEnd(NodeProcess ended) {
        answerEnds(ended);
    }

    private void answerEnds(NodeProcess target) {
        if (!target.hasEnded()) {
            return;
        }
        int code = target.exitCode().getAsInt();
        for (Iterator<AwaitedEnd> all = awaitedEnds.iterator(); all.hasNext(); ) {
            AwaitedEnd awaited = all.next();
            if (awaited.target() != target) {
                continue;
            }
            all.remove();
            OptionalInt expected = awaited.expectedCode();
            if (expected.isPresent() && expected.getAsInt() != code) {
                error(
                        awaited.asker(),
                        awaited.id(),
                        target.name() + " ended with code " + code + "; expected " + expected.getAsInt());
            } else {
                ok(awaited.asker(), awaited.id(), Integer.toString(code));
            }
        }
    }

    private static void ok(NodeProcess asker, String id, String value) {
        asker.send(Frame.of(Frame.Kind.REPLY, id, "ok", value));
    }

    private static void error(NodeProcess asker, String id, String message) {
        asker.send(Frame.of(Frame.Kind.REPLY, id, "error", message));
    }
}
