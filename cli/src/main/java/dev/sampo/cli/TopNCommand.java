package dev.sampo.cli;

import dev.sampo.api.JobSpec;
import dev.sampo.examples.topn.TopN;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "top-n", description = "Finds the most frequent words, ties in byte order: word<TAB>count.")
final class TopNCommand extends PartsCommand {
    @Mixin
    private final InputOptions input = new InputOptions();

    @Option(
            names = "--n",
            required = true,
            paramLabel = "N",
            converter = PartsOptions.AtLeastOne.class,
            description = "How many words")
    private int n;

    @Override
    JobSpec<?, ?> job() {
        return TopN.job(n, reading(input.lines()), textOutput(), parts().partitions());
    }
}
