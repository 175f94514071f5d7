package dev.sampo.internal.fault;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Asks throwables of users for text without trusting them: every answer is bounded, and none fails. */
final class ThrowableText {
    private static final int MOST_FRAMES = 40;
    private static final int MOST_CAUSES = 10;
    private static final int MOST_TRACE_CHARS = 8 << 10;
    private static final int MOST_MESSAGE_CHARS = 2 << 10;

    private ThrowableText() {}

    /** Returns the first throwable of a type among a failure and its causes, or null. */
    static <T extends Throwable> @Nullable T causeIn(Throwable failure, Class<T> type) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Throwable cause = failure; cause != null && seen.add(cause); cause = causeOf(cause)) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
        }
        return null;
    }

    /** Returns the class and the message. */
    static String describe(Throwable failure) {
        String message = messageOf(failure);
        String type = failure.getClass().getName();
        return message.isEmpty() ? type : type + ": " + message;
    }

    /** Returns the message; empty when there is none. */
    static String messageOf(Throwable failure) {
        try {
            String message = failure.getMessage();
            return message == null ? "" : shorten(message, MOST_MESSAGE_CHARS);
        } catch (Throwable e) { // code of the user
            return "(its message cannot be had: getMessage threw "
                    + e.getClass().getName() + ")";
        }
    }

    /** Returns the stack trace, some frames per throwable and some causes, as the JVM prints it. */
    static String stackTraceOf(Throwable failure) {
        StringBuilder text = new StringBuilder();
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Throwable cause = failure;
        while (cause != null && seen.size() < MOST_CAUSES && seen.add(cause)) {
            text.append(seen.size() == 1 ? "" : "Caused by: ")
                    .append(describe(cause))
                    .append('\n');
            appendFrames(cause, text);
            cause = causeOf(cause);
        }
        return shorten(text.toString(), MOST_TRACE_CHARS);
    }

    private static void appendFrames(Throwable failure, StringBuilder text) {
        StackTraceElement[] frames = framesOf(failure);
        int shown = Math.min(frames.length, MOST_FRAMES);
        for (int i = 0; i < shown; i++) {
            text.append("\tat ").append(frames[i]).append('\n');
        }
        if (shown < frames.length) {
            text.append("\t... ").append(frames.length - shown).append(" more\n");
        }
    }

    private static @Nullable Throwable causeOf(Throwable failure) {
        try {
            return failure.getCause();
        } catch (Throwable e) { // code of the user
            return null;
        }
    }

    private static StackTraceElement[] framesOf(Throwable failure) {
        try {
            return failure.getStackTrace();
        } catch (Throwable e) { // code of the user
            return new StackTraceElement[0];
        }
    }

    private static String shorten(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
        return text.substring(0, end) + "... (" + (text.length() - end) + " more characters)";
    }
}
