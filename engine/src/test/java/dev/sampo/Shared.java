package dev.sampo;

import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a test and all deserialized copies of the functions of its jobs have in common: a list of events, and gates at
 * which functions wait for the test or the test for functions. Its copies are one by way of the class, so it works
 * within one JVM only. Closing it opens every gate, so that no thread is left behind.
 */
public final class Shared implements Serializable, AutoCloseable {
    private static final long serialVersionUID = 1;
    private static final AtomicLong LAST = new AtomicLong();
    private static final Map<Long, State> STATES = new ConcurrentHashMap<>();
    private static final long LIMIT_SECONDS = 30;

    private final long id = LAST.incrementAndGet();

    /** Makes a list without events and no gates yet. */
    public Shared() {
        STATES.put(id, new State(new CopyOnWriteArrayList<>(), new ConcurrentHashMap<>()));
    }

    private record State(List<String> events, Map<String, CountDownLatch> gates) {}

    /** Notes that something happened. */
    public void note(String event) {
        state().events.add(event);
    }

    /** Returns what happened, in order. */
    public List<String> events() {
        return List.copyOf(state().events);
    }

    /** Returns how often an event happened. */
    public int count(String event) {
        return Collections.frequency(state().events, event);
    }

    /** Opens a gate for good. */
    public void open(String gate) {
        gate(gate).countDown();
    }

    /** Waits until a gate is open; an interrupt ends the wait. */
    public void await(String gate) throws InterruptedException {
        if (!gate(gate).await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("gate " + gate + " stayed closed; events: " + events());
        }
    }

    /** Waits until a gate is open, whoever interrupts; says so as an event. */
    public void awaitStubbornly(String gate) {
        while (true) {
            try {
                await(gate);
                return;
            } catch (InterruptedException e) {
                note("ignored an interrupt at " + gate);
            }
        }
    }

    private CountDownLatch gate(String name) {
        return state().gates.computeIfAbsent(name, ignored -> new CountDownLatch(1));
    }

    private State state() {
        State state = STATES.get(id);
        if (state == null) {
            throw new IllegalStateException("the test of " + id + " has ended");
        }
        return state;
    }

    @Override
    public void close() {
        State state = STATES.remove(id);
        if (state != null) {
            state.gates.values().forEach(CountDownLatch::countDown);
        }
    }
}
