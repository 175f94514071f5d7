package dev.sampo.cli;

/** The program behind {@code ./sampo}. */
public final class Main {
    private Main() {}

    /** Runs the command line and ends the process. */
    public static void main(String[] args) {
        Streams streams = Streams.ofProcess();
        int exitCode;
        try {
            exitCode = CommandLineRunner.run(streams, args);
        } catch (OutOfMemoryError e) {
            streams.err().println("sampo: out of memory; expected a larger heap, as in SAMPO_JAVA_OPTS=-Xmx2g");
            exitCode = ExitCode.RESOURCES.number();
        }
        streams.out().flush();
        streams.err().flush();
        System.exit(exitCode);
    }
}
