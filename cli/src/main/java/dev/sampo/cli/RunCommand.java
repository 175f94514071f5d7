package dev.sampo.cli;

import dev.sampo.api.JobSpec;
import picocli.CommandLine.Command;

/** Runs a job in an engine of its own. */
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
final class RunCommand extends JobCommand {
    @Override
    <K, V> int execute(JobSpec<K, V> job, String output) throws InterruptedException {
        new JobRun(SampoCommand.streams(spec()), engine(), output).run(job);
        return ExitCode.OK.number();
    }
}
