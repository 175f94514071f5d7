package dev.sampo.cli;

import dev.sampo.api.JobSpec;
import dev.sampo.io.TextInput;
import dev.sampo.io.TextOutput;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** A subcommand of {@code run} and {@code submit}: one of the jobs that ship, which writes its parts to a directory. */
abstract class PartsCommand implements Callable<Integer> {
    @Mixin
    private final PartsOptions parts = new PartsOptions();

    /** Injected by picocli. */
    @SuppressWarnings("NullAway.Init")
    @ParentCommand
    private JobCommand parent;

    /** Injected by picocli. */
    @SuppressWarnings("NullAway.Init")
    @Spec
    private CommandSpec spec;

    /** Describes the job. */
    abstract JobSpec<?, ?> job();

    @Override
    public final Integer call() throws InterruptedException {
        return parent.execute(() -> JobJars.ofExamples(job()), parts.output());
    }

    final CommandSpec spec() {
        return spec;
    }

    final PartsOptions parts() {
        return parts;
    }

    final boolean shipsInput() {
        return parent.shipsInput();
    }

    /** Returns the lines as the job is to read them: where they are, or from copies that travel with it. */
    final TextInput reading(TextInput lines) {
        return shipsInput() ? lines.shipped() : lines;
    }

    final TextOutput textOutput() {
        return TextOutput.to(parts.output()).overwrite(parts.isOverwrite());
    }
}
