package dev.sampo.cli;

/** A command that says in its options how its failures are reported. */
interface ReportingCommand {
    /** Returns whether a failure is reported as JSON on stdout, too. */
    boolean isJson();

    /** Returns whether its stack trace is printed. */
    boolean isVerbose();
}
