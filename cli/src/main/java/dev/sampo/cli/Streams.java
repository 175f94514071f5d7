package dev.sampo.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Where the command writes.
 *
 * @param out takes results, and nothing else
 * @param err takes messages
 * @param terminal whether {@code err} is a terminal that a progress bar can be drawn on
 */
record Streams(PrintStream out, PrintStream err, boolean terminal) {
    /** The launcher knows it of stderr; {@link System#console()} knows it only of stdin and stdout. */
    private static final String TERMINAL_PROPERTY = "sampo.cli.terminal";

    /** Returns those of this process, stdout with a buffer: flush it at the end. */
    static Streams ofProcess() {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        boolean dumb = "dumb".equals(System.getenv("TERM"));
        return new Streams(out, System.err, Boolean.getBoolean(TERMINAL_PROPERTY) && !dumb);
    }
}
