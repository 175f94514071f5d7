package dev.sampo.cli;

import dev.sampo.api.JobSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs a job: one of those that ship, which are its subcommands, or a user's own from a jar. */
@Command(
        name = "run",
        description = "Runs a job and waits for its end.",
        customSynopsis = {
            "sampo run (word-count|grep|sort|inverted-index|join|top-n) [OPTIONS]",
            "sampo run --jar FILE --class NAME [OPTIONS] -- ARGS..."
        },
        subcommands = {
            WordCountCommand.class,
            GrepCommand.class,
            SortCommand.class,
            InvertedIndexCommand.class,
            JoinCommand.class,
            TopNCommand.class
        })
final class RunCommand implements Callable<Integer> {
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

    @Override
    public Integer call() throws Exception {
        if (namesNoJar()) {
            throw new ParameterException(spec.commandLine(), unknownJob());
        }
        if (jar == null || className == null) {
            throw new ParameterException(
                    spec.commandLine(),
                    (jar == null ? "--class without --jar" : "--jar without --class")
                            + "; expected both --jar FILE and --class NAME");
        }
        try (JobJar classes = JobJar.open(jar)) {
            JobSpec<?, ?> job = classes.job(className, arguments, spec.commandLine());
            return execute(() -> job, "");
        }
    }

    /** Returns whether the command line names a job by its jar. */
    boolean namesNoJar() {
        return jar == null && className == null;
    }

    /** Says that the command line does not begin with the name of a job. */
    String unknownJob() {
        String what = arguments.isEmpty() ? "no job" : "unknown job '" + arguments.get(0) + "'";
        return what + "; expected one of "
                + String.join(", ", spec.subcommands().keySet()) + ", or --jar FILE and --class NAME";
    }

    /** Runs a job and returns the exit code. */
    int execute(Supplier<JobSpec<?, ?>> job, String output) throws InterruptedException {
        if (engine.isVerbose()) {
            LogSettings.verbose();
        }
        new JobRun(SampoCommand.streams(spec), engine, output).run(job.get());
        return ExitCode.OK.number();
    }

    EngineOptions engine() {
        return engine;
    }
}
