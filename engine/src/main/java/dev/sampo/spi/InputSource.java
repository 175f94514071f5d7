package dev.sampo.spi;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;

/**
 * Where the records of a job come from. A source is a value: it travels with the job, and is asked on a worker node,
 * never on the node that coordinates.
 *
 * @param <T> the type of the records; may be a reusable view that is valid until the next record is read
 */
public interface InputSource<T> extends Serializable {
    /**
     * Lists the splits, in the order of the data. The list depends on the input and {@code options} alone: never on
     * nodes, slots or memory, so that every run has the same map tasks.
     *
     * @throws SampoException when an input is missing, unreadable or malformed
     * @throws IOException when listing fails; the engine may try again
     */
    List<Split> splits(ReadOptions options) throws IOException;

    /**
     * Opens one split. Called once per map attempt, on the thread that reads and closes it.
     *
     * @throws SampoException when the input is missing, unreadable or malformed
     * @throws IOException when reading fails; the engine may try again
     */
    RecordReader<T> open(Split split, ReadOptions options) throws IOException;
}
