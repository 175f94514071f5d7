package dev.sampo.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A node's connection to the parent. When it breaks the parent is gone, and so is this JVM a moment later: no node
 * outlives its test.
 */
final class ParentLink {
    /** The exit code of a node whose parent is gone. */
    private static final int ORPHANED = 70;

    private final ControlConnection connection;
    private final Thread test;
    private final Map<String, CompletableFuture<Answer>> replies = new ConcurrentHashMap<>();
    private final AtomicInteger lastRequest = new AtomicInteger();
    private final CountDownLatch stop = new CountDownLatch(1);
    private volatile boolean ending;
    private volatile @Nullable String cancelReason;

    private record Answer(boolean ok, String text) {}

    private ParentLink(ControlConnection connection, Thread test) {
        this.connection = connection;
        this.test = test;
    }

    /**
     * Connects and says who we are.
     *
     * @param test the thread to interrupt when another role fails
     */
    static ParentLink open(NodeOptions options, Thread test) throws IOException {
        NodeOptions.Control control = options.control();
        ControlConnection connection =
                new ControlConnection(new Socket(InetAddress.getByName(control.host()), control.port()));
        connection.send(Frame.of(Frame.Kind.HELLO, options.node(), control.token()));
        return new ParentLink(connection, test);
    }

    /**
     * Starts to serve what the parent says.
     *
     * @param onRemove called for each role that barriers must not wait for any more; the conductor's part
     */
    void serve(Consumer<String> onRemove) {
        Thread reader = new Thread(() -> read(onRemove), "multi-node-parent");
        reader.setDaemon(true);
        reader.start();
    }

    void started() throws IOException {
        connection.send(Frame.of(Frame.Kind.STARTED));
    }

    void verdict(Outcome outcome, String text) throws IOException {
        connection.send(Frame.of(Frame.Kind.VERDICT, outcome.name(), text));
    }

    /** Returns why the test was canceled, or null. */
    @Nullable
    String cancelReason() {
        return cancelReason;
    }

    void awaitStop() {
        boolean interrupted = true;
        while (interrupted) {
            try {
                stop.await();
                interrupted = false;
            } catch (InterruptedException lateCancel) {
                // a cancel that came after the test's end changes nothing
            }
        }
    }

    /** Asks the parent for something and waits for the answer. */
    String ask(Duration limit, NodeRequests.Operation operation, String... arguments) {
        String id = Integer.toString(lastRequest.incrementAndGet());
        CompletableFuture<Answer> reply = new CompletableFuture<>();
        replies.put(id, reply);
        String what = operation + " " + List.of(arguments);
        try {
            List<String> fields = new ArrayList<>(List.of(id, operation.name()));
            fields.addAll(List.of(arguments));
            connection.send(new Frame(Frame.Kind.REQUEST, fields));
            Answer answer = reply.get(limit.toNanos(), TimeUnit.NANOSECONDS);
            if (!answer.ok()) {
                throw new AssertionError(answer.text());
            }
            return answer.text();
        } catch (ExecutionException e) {
            throw new AssertionError(what + " failed", e);
        } catch (TimeoutException e) {
            throw new AssertionError(what + ": no answer within " + limit, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(what + ": interrupted, " + cancelReason, e);
        } catch (IOException e) {
            throw new AssertionError(what + ": the connection to the parent broke", e);
        } finally {
            replies.remove(id);
        }
    }

    private void read(Consumer<String> onRemove) {
        try {
            while (true) {
                on(connection.receive(), onRemove);
            }
        } catch (IOException parentGone) {
            if (!ending) {
                System.out.println("the parent of this node is gone: " + parentGone);
                Runtime.getRuntime().halt(ORPHANED);
            }
        }
    }

    private void on(Frame frame, Consumer<String> onRemove) throws IOException {
        switch (frame.kind()) {
            case REPLY -> reply(frame);
            case REMOVE -> {
                onRemove.accept(frame.field(1));
                connection.send(Frame.of(Frame.Kind.REMOVED, frame.field(0)));
            }
            case EXIT -> exit(Integer.parseInt(frame.field(0)));
            case CANCEL -> {
                cancelReason = frame.field(0);
                test.interrupt();
            }
            case STOP -> {
                ending = true;
                stop.countDown();
            }
            default -> throw new IllegalStateException("frame " + frame.kind() + " from the parent");
        }
    }

    private void reply(Frame frame) {
        CompletableFuture<Answer> reply = replies.get(frame.field(0));
        if (reply != null) {
            reply.complete(new Answer(frame.field(1).equals("ok"), frame.field(2)));
        }
    }

    /** On a thread of its own: shutdown hooks may need this connection's reader. */
    private static void exit(int code) {
        new Thread(() -> System.exit(code), "multi-node-exit").start();
    }
}
