package dev.sampo.internal.execute;

import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.DataAddress;
import dev.sampo.internal.model.PartFile;
import java.io.IOException;
import java.nio.file.Path;

/** Hands parts of results that go to no directory to the seed that coordinates the job. Safe for many threads. */
@FunctionalInterface
public interface ResultDelivery {
    /**
     * Has the seed copy a part. Blocks until the seed holds all of it; it holds it until the job has ended without it, or
     * the submitter has fetched it.
     *
     * @param seed the data address of the seed
     * @param attempt the attempt that made it
     * @param part its size and digest
     * @param file its bytes, which must stay as they are meanwhile
     * @throws dev.sampo.spi.SampoException when the seed refuses it
     * @throws IOException when the seed cannot be reached
     */
    void deliver(DataAddress seed, AttemptId attempt, PartFile part, Path file)
            throws IOException, InterruptedException;
}
