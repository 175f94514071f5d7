package dev.sampo.internal.observe;

import dev.sampo.internal.model.AttemptId;
import java.util.Map;
import org.slf4j.MDC;

/** The keys under which log lines say where they belong: on threads of user code, and in the actors of jobs. */
public final class LogKeys {
    /** The system property with the address of the node, in programs that are one node. */
    public static final String NODE_PROPERTY = "sampo.node";

    /** The job. */
    public static final String JOB = "job";
    /** The task, as stage and number. */
    public static final String TASK = "task";
    /** The number of the attempt. */
    public static final String ATTEMPT = "attempt";

    private LogKeys() {}

    /** Returns what lines about an attempt are marked with. */
    public static Map<String, String> of(AttemptId attempt) {
        return Map.of(
                JOB, attempt.task().job().value(),
                TASK, attempt.task().localName(),
                ATTEMPT, String.valueOf(attempt.number()));
    }

    /** Marks what this thread logs from now on. */
    public static void mark(AttemptId attempt) {
        of(attempt).forEach(MDC::put);
    }

    /** Ends {@link #mark}. */
    public static void unmark() {
        MDC.remove(JOB);
        MDC.remove(TASK);
        MDC.remove(ATTEMPT);
    }
}
