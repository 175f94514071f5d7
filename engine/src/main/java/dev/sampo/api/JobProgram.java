package dev.sampo.api;

import java.util.List;

/**
 * A job that the command line can run from a jar: {@code sampo run --jar FILE --class NAME -- ARGS}. The class is public,
 * has a public constructor without parameters, and lives in a class loader of its own.
 */
@FunctionalInterface
public interface JobProgram {
    /**
     * Describes the job. Results of a job that ends in {@link JobSpec.OutputStep#collect} are printed as text.
     *
     * @param arguments what followed {@code --} on the command line
     * @throws IllegalArgumentException when the arguments are wrong; its message is shown to the user
     */
    JobSpec<?, ?> create(List<String> arguments) throws Exception;
}
