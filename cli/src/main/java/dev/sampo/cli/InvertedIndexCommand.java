package dev.sampo.cli;

import dev.sampo.api.JobSpec;
import dev.sampo.examples.invertedindex.InvertedIndex;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "inverted-index", description = "Lists the files that hold each word: word<TAB>file,file.")
final class InvertedIndexCommand extends PartsCommand {
    @Mixin
    private final InputOptions input = new InputOptions();

    @Override
    JobSpec<?, ?> job() {
        return InvertedIndex.job(input.paths(), reading(input.lines()), textOutput(), parts().partitions());
    }
}
