package dev.sampo.internal.runtime;

import java.time.Duration;
import java.util.List;

/**
 * The threads of one actor system. Pekko reports the end of a system a moment before its last threads have ended; this
 * finds them by their context class loader, which is one of this system alone.
 */
final class EngineThreads {
    private final ClassLoader mark;
    private final String prefix;

    /**
     * Names the threads of a system.
     *
     * @param mark what {@link #newMark} returned and the system was given as its class loader
     * @param systemName the name of the system
     */
    EngineThreads(ClassLoader mark, String systemName) {
        this.mark = mark;
        this.prefix = systemName + "-";
    }

    /** Returns a class loader for one system, with the classes of another. */
    static ClassLoader newMark(ClassLoader parent) {
        return new Mark(parent);
    }

    /**
     * Waits until the threads have ended.
     *
     * @return whether they have, within the time
     */
    boolean awaitEnd(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        for (Thread thread : alive()) {
            long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
            thread.join(Math.max(1, left)); // 0 would wait for ever
        }
        return alive().isEmpty();
    }

    private List<Thread> alive() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getContextClassLoader() == mark && isOfTheSystem(thread.getName()))
                .filter(thread -> thread != Thread.currentThread())
                .toList();
    }

    /** Threads that these started, such as those of user code, have the same class loader. */
    private boolean isOfTheSystem(String name) {
        return name.startsWith(prefix + "pekko.") || name.startsWith(prefix + "scheduler");
    }

    private static final class Mark extends ClassLoader {
        Mark(ClassLoader parent) {
            super(parent);
        }
    }
}
