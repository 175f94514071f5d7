package dev.sampo.internal.shuffle;

import java.io.IOException;

/** Holds the records of one attempt until they are sorted and written. Used by one thread, within a limit of memory. */
sealed interface RecordCollector permits RecordBuffer, CombineTable {
    /**
     * Takes a record.
     *
     * @param hash the hash of the key; only looked at where records are combined
     * @return false when there is no room: drain, reset and try again. An empty collector has room for every record of
     *     at most a third of its limit
     */
    boolean add(
            int partition,
            long hash,
            byte[] key,
            int keyOffset,
            int keyLength,
            byte[] value,
            int valueOffset,
            int valueLength);

    /** Returns the number of records held. */
    int count();

    /** Returns the bytes of the records held, as they would be written. */
    long encodedBytes();

    /** Returns the heap it takes. */
    long held();

    /** Sorts the records and writes them. Only {@link #reset} may follow. */
    void drain(RunWriter out) throws IOException;

    /** Forgets the records and keeps memory for more. */
    void reset();
}
