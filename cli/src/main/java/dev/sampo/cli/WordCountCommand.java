package dev.sampo.cli;

import dev.sampo.api.JobSpec;
import dev.sampo.examples.wordcount.WordCount;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "word-count", description = "Counts how often each word occurs: word<TAB>count.")
final class WordCountCommand extends PartsCommand {
    @Mixin
    private final InputOptions input = new InputOptions();

    @Override
    JobSpec<?, ?> job() {
        return WordCount.job(reading(input.lines()), textOutput(), parts().partitions());
    }
}
