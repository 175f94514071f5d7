package dev.sampo.cli;

import dev.sampo.api.JobSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A command that does something with a job: one of those that ship, which are its subcommands, or a user's own. */
abstract class JobCommand implements Callable<Integer>, ReportingCommand {
    @Mixin
    private final EngineOptions engine = new EngineOptions();

    @Option(names = "--jar", paramLabel = "FILE", description = "The jar of a job of your own")
    private @Nullable Path jar;

    @Option(names = "--class", paramLabel = "NAME", description = "Its class, a dev.sampo.api.JobProgram")
    private @Nullable String className;

    @Parameters(paramLabel = "ARGS", arity = "0..*", description = "What the job is told, after --")
    private List<String> arguments = List.of();

    /** Injected by picocli. */
    @SuppressWarnings("NullAway.Init")
    @Spec
    private CommandSpec spec;

    /** Does it, and returns the exit code. */
    abstract <K, V> int execute(JobSpec<K, V> job, String output) throws InterruptedException;

    /** Returns whether the input of the job travels with it. */
    boolean shipsInput() {
        return false;
    }

    @Override
    public final Integer call() throws Exception {
        if (namesNoJar()) {
            throw new ParameterException(spec.commandLine(), unknownJob());
        }
        if (jar == null || className == null) {
            throw new ParameterException(
                    spec.commandLine(),
                    (jar == null ? "--class without --jar" : "--jar without --class")
                            + "; expected both --jar FILE and --class NAME");
        }
        if (shipsInput()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--ship-input with --jar; expected a job that ships, for one of your own says it in its code:"
                            + " TextInput.shipped()");
        }
        try (JobJar classes = JobJar.open(jar)) {
            JobSpec<?, ?> job = JobJars.ofUser(classes.job(className, arguments, spec.commandLine()), jar);
            return execute(() -> job, "");
        }
    }

    /** Does it with the job of a subcommand, and returns the exit code. */
    final int execute(Supplier<JobSpec<?, ?>> job, String output) throws InterruptedException {
        if (isVerbose()) {
            LogSettings.verbose();
        }
        return execute(job.get(), output);
    }

    /** Returns whether the command line names a job by its jar. */
    final boolean namesNoJar() {
        return jar == null && className == null;
    }

    /** Says that the command line does not begin with the name of a job. */
    final String unknownJob() {
        String what = arguments.isEmpty() ? "no job" : "unknown job '" + arguments.get(0) + "'";
        return what + "; expected one of "
                + String.join(", ", spec.subcommands().keySet()) + ", or --jar FILE and --class NAME";
    }

    final CommandSpec spec() {
        return spec;
    }

    final EngineOptions engine() {
        return engine;
    }

    @Override
    public final boolean isJson() {
        return engine.isJson();
    }

    @Override
    public final boolean isVerbose() {
        return engine.isVerbose();
    }
}
