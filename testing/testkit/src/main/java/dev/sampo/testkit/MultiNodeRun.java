package dev.sampo.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * One run of one test method on its nodes, seen from the parent. A single thread owns all state: whatever happens
 * elsewhere comes to it through one queue.
 */
final class MultiNodeRun {
    /** How long roles may take to end by themselves, after the verdict or after another role failed. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    private static final Duration DUMP_LIMIT = Duration.ofSeconds(3);

    /** What happened outside. */
    private sealed interface Event {
        String node();
    }

    private record Connected(String node, ControlConnection connection) implements Event {}

    private record Received(String node, Frame frame) implements Event {}

    private record Ended(String node, int code) implements Event {}

    private final RunPlan plan;
    private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final Map<String, NodeProcess> nodes = new LinkedHashMap<>();
    private final NodeRequests requests;
    private final String token = UUID.randomUUID().toString();

    private boolean canceled;
    private boolean lingering;
    private boolean timedOut;

    MultiNodeRun(RunPlan plan) {
        this.plan = plan;
        requests = new NodeRequests(nodes);
    }

    /**
     * Runs to the end, and returns when every process is gone.
     *
     * @throws AssertionError when a role did not end as it should; names every such role
     */
    void run() throws IOException, InterruptedException {
        Files.createDirectories(plan.directory());
        Thread reaper = new Thread(this::killAll, "multi-node-reaper");
        Runtime.getRuntime().addShutdownHook(reaper);
        try (ServerSocket server = new ServerSocket(0, plan.nodes().size(), InetAddress.getLoopbackAddress())) {
            start(server);
            await();
        } finally {
            killAll();
            for (NodeProcess node : nodes.values()) {
                var unused = node.awaitEnd(GRACE.toNanos());
            }
            removeHook(reaper);
        }
        new Judgement(plan, List.copyOf(nodes.values()), timedOut).pronounce();
    }

    private void start(ServerSocket server) throws IOException {
        var control = new NodeOptions.Control(server.getInetAddress().getHostAddress(), server.getLocalPort(), token);
        Thread acceptor = new Thread(() -> accept(server), "multi-node-control");
        acceptor.setDaemon(true);
        acceptor.start();
        NodeCommand command = new NodeCommand(plan, RunAddress.choose(), control);
        for (String node : plan.nodes()) {
            NodeProcess process = NodeProcess.start(
                    node, command.of(node), plan.directory(), (name, code) -> events.add(new Ended(name, code)));
            synchronized (nodes) {
                nodes.put(node, process);
            }
        }
    }

    private void accept(ServerSocket server) {
        try {
            while (!server.isClosed()) {
                ControlConnection connection = new ControlConnection(server.accept());
                Thread reader = new Thread(() -> read(connection), "multi-node-control-reader");
                reader.setDaemon(true);
                reader.start();
            }
        } catch (IOException closed) {
            // the run is over; a node that never connected ends by itself and is reported by that
        }
    }

    private void read(ControlConnection connection) {
        try (connection) {
            Frame hello = connection.receive();
            if (hello.kind() != Frame.Kind.HELLO || !hello.field(1).equals(token)) {
                return;
            }
            String node = hello.field(0);
            events.add(new Connected(node, connection));
            while (true) {
                events.add(new Received(node, connection.receive()));
            }
        } catch (IOException gone) {
            // the end of the process says the same
        }
    }

    private void await() throws InterruptedException {
        long deadline = System.nanoTime() + plan.timeout().toNanos();
        while (!allSettled()) {
            if (!lingering && onlyExpectedEndsAreMissing()) {
                lingering = true;
                deadline = Math.min(deadline, System.nanoTime() + GRACE.toNanos());
            }
            long left = deadline - System.nanoTime();
            Event event = left <= 0 ? null : events.poll(left, TimeUnit.NANOSECONDS);
            if (event == null) {
                timedOut = !canceled && !lingering;
                dumpThreads();
                return;
            }
            on(event);
            if (!canceled && failed(event)) {
                canceled = true;
                deadline = Math.min(deadline, System.nanoTime() + GRACE.toNanos());
                cancelOthers(event.node());
            }
        }
        stopAll();
    }

    private boolean allSettled() {
        return roles().allMatch(NodeProcess::isSettled) && (canceled || !requests.arePending());
    }

    /** Returns whether nobody is left who could end, or wait for, a role that was announced to end. */
    private boolean onlyExpectedEndsAreMissing() {
        return roles().allMatch(node -> node.isSettled() || (node.isEndExpected() && node.outcome() != null))
                && !requests.arePending();
    }

    private Stream<NodeProcess> roles() {
        return nodes.values().stream().filter(node -> !node.name().equals(RunPlan.CONDUCTOR));
    }

    private void on(Event event) {
        NodeProcess node = nodes.get(event.node());
        if (node == null) {
            return;
        }
        if (event instanceof Connected connected) {
            node.connected(connected.connection());
        } else if (event instanceof Ended ended) {
            node.ended(ended.code());
            requests.onEnd(node);
        } else if (event instanceof Received received) {
            Frame frame = received.frame();
            switch (frame.kind()) {
                case STARTED -> node.started();
                case VERDICT -> node.verdict(Outcome.valueOf(frame.field(0)), frame.field(1));
                case REQUEST -> requests.onRequest(node, frame);
                case REMOVED -> requests.onRemoved(frame.field(0));
                default -> throw new IllegalStateException("frame " + frame.kind() + " from " + node.name());
            }
        }
    }

    private boolean failed(Event event) {
        NodeProcess node = nodes.get(event.node());
        if (node == null) {
            return false;
        }
        if (event instanceof Ended) {
            return !node.isEndExpected() && node.outcome() == null;
        }
        return node.outcome() == Outcome.FAILED;
    }

    private void cancelOthers(String failed) {
        for (NodeProcess node : nodes.values()) {
            if (!node.name().equals(failed)) {
                node.send(Frame.of(Frame.Kind.CANCEL, failed + " failed"));
            }
        }
    }

    /** Lets everybody go, and waits a little for shutdown hooks, such as those of a coverage agent. */
    private void stopAll() throws InterruptedException {
        nodes.values().forEach(node -> node.send(Frame.of(Frame.Kind.STOP)));
        long deadline = System.nanoTime() + GRACE.toNanos();
        for (NodeProcess node : nodes.values()) {
            if (!node.awaitEnd(Math.max(0, deadline - System.nanoTime()))) {
                System.out.println("[" + node.name() + "] still runs shutdown hooks after " + GRACE + "; killed");
            }
        }
    }

    private void dumpThreads() throws InterruptedException {
        List<NodeProcess> alive = new ArrayList<>(nodes.values());
        alive.removeIf(node -> !node.isAlive());
        alive.forEach(NodeProcess::requestThreadDump);
        long deadline = System.nanoTime() + DUMP_LIMIT.toNanos();
        for (NodeProcess node : alive) {
            node.awaitThreadDump(Math.max(0, deadline - System.nanoTime()));
        }
    }

    private void killAll() {
        synchronized (nodes) {
            nodes.values().forEach(NodeProcess::kill);
        }
    }

    private static void removeHook(Thread hook) {
        try {
            var unused = Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            // then it runs anyway
        }
    }
}
