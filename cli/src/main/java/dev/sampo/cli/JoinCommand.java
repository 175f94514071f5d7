package dev.sampo.cli;

import dev.sampo.api.JobSpec;
import dev.sampo.examples.join.Join;
import dev.sampo.io.TextInput;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "join", description = "Joins two inputs of lines key<TAB>value: key<TAB>left<TAB>right, all pairs.")
final class JoinCommand extends PartsCommand {
    @SuppressWarnings("NullAway.Init")
    @Option(names = "--left", required = true, paramLabel = "PATH", description = "The left lines, which are streamed")
    private String left;

    @SuppressWarnings("NullAway.Init")
    @Option(
            names = "--right",
            required = true,
            paramLabel = "PATH",
            description = "The right lines; the values of one key must fit in memory")
    private String right;

    @Override
    JobSpec<?, ?> job() {
        return Join.job(
                reading(TextInput.from(left)), reading(TextInput.from(right)), textOutput(), parts().partitions());
    }
}
