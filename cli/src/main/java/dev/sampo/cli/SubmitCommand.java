package dev.sampo.cli;

import dev.sampo.api.JobSpec;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/** Hands a job to a cluster, where it goes on by itself. */
@Command(
        name = "submit",
        description = {
            "Hands a job to a cluster and prints its id; with --wait, waits for its end as 'run' does.",
            "Ctrl-C ends the waiting and not the job, which 'sampo cancel ID' ends."
        },
        customSynopsis = {
            "sampo submit (word-count|grep|sort|inverted-index|join|top-n) [--seed URL] [OPTIONS]",
            "sampo submit --jar FILE --class NAME [--seed URL] [OPTIONS] -- ARGS..."
        },
        subcommands = {
            WordCountCommand.class,
            GrepCommand.class,
            SortCommand.class,
            InvertedIndexCommand.class,
            JoinCommand.class,
            TopNCommand.class
        })
final class SubmitCommand extends JobCommand {
    @Mixin
    private final SeedOptions seed = new SeedOptions();

    @Option(names = "--wait", scope = ScopeType.INHERIT, description = "Wait for the end of the job and report it")
    private boolean wait;

    @Option(
            names = "--id",
            paramLabel = "ID",
            scope = ScopeType.INHERIT,
            description = "The id of the job; the same job submitted again with the same id is one job")
    private @Nullable String id;

    @Option(
            names = "--fetch-output",
            scope = ScopeType.INHERIT,
            description = "Bring the parts here when the job succeeds, to an output directory that the workers do not"
                    + " share; waits as --wait does")
    private boolean fetchOutput;

    @Option(
            names = "--ship-input",
            scope = ScopeType.INHERIT,
            description = "Send copies of the input along with the job; for small files that the workers cannot read")
    private boolean shipInput;

    @Override
    boolean shipsInput() {
        return shipInput;
    }

    @Override
    <K, V> int execute(JobSpec<K, V> job, String output) throws InterruptedException {
        if (fetchOutput && job.sink() == null) {
            throw new ParameterException(
                    spec().commandLine(),
                    "--fetch-output: job " + job.name() + " collects its result; expected a job that writes to a"
                            + " directory, or 'sampo result' when it has succeeded");
        }
        JobSpec<K, V> chosen = fetchOutput ? job.withOutputAtSubmitter() : job;
        new JobSubmit(SampoCommand.streams(spec()), engine(), seed, id).submit(chosen, output, wait || fetchOutput);
        return ExitCode.OK.number();
    }
}
