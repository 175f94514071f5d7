package dev.sampo.wrong.internal.plan;

import com.sun.management.OperatingSystemMXBean;
import dev.sampo.wrong.internal.execute.WrongRunner;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.slf4j.Logger;

/** Wrong: imports the other half, an actor reference, a logger and the JDK's insides; reads clocks, is random, waits. */
public record WrongPlanner(WrongRunner runner, ActorRef<String> target, Logger log, OperatingSystemMXBean system) {
    static Supplier<Instant> clock() {
        return Instant::now;
    }

    static long dice(long seed) {
        return System.nanoTime() + new Random().nextLong() + new Random(seed).nextLong();
    }

    static String await(CompletableFuture<String> answer) {
        return answer.join();
    }
}
