package dev.sampo.internal.config;

/**
 * What settings that say {@code auto} depend on.
 *
 * @param processors the processors this JVM may use, at least 1
 * @param maxHeapBytes the maximum heap of this JVM in bytes
 */
public record Machine(int processors, long maxHeapBytes) {
    /** Checks the components. */
    public Machine {
        if (processors < 1 || maxHeapBytes < 1) {
            throw new IllegalArgumentException(
                    processors + " processors, " + maxHeapBytes + " bytes of heap; expected at least 1 of each");
        }
    }

    /** Returns the facts of this JVM. */
    public static Machine current() {
        Runtime runtime = Runtime.getRuntime();
        return new Machine(runtime.availableProcessors(), runtime.maxMemory());
    }
}
