package dev.sampo.internal.shuffle;

import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.SegmentHolder;
import dev.sampo.internal.transfer.TransferException;
import dev.sampo.internal.transfer.TransferStream;
import dev.sampo.spi.ErrorCode;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One partition of some outputs of one node, fetched with one request: with further ones for the rest where a connection
 * breaks, a few times with growing pauses. Used by one thread but for {@link #abandon}.
 */
final class FetchBatch implements Callable<List<FetchedBytes>> {
    private static final int TRIES = 4;
    private static final long FIRST_PAUSE_MILLIS = 100;

    private final SegmentFetcher fetcher;
    private final SegmentHolder holder;
    private final int partition;
    private final List<AttemptId> producers;
    private final List<FetchedBytes> got = new ArrayList<>();
    private @Nullable FetchFile file;
    private boolean finished;
    private boolean abandoned;

    FetchBatch(SegmentFetcher fetcher, SegmentHolder holder, int partition, List<AttemptId> producers) {
        this.fetcher = fetcher;
        this.holder = holder;
        this.partition = partition;
        this.producers = producers;
    }

    /** Returns the bytes in the order of the producers. */
    @Override
    public List<FetchedBytes> call() throws IOException {
        boolean whole = false;
        try {
            fetchAll();
            whole = true;
        } finally {
            finish(whole);
            if (file != null) {
                file.close();
            }
        }
        return got;
    }

    private synchronized void finish(boolean whole) {
        finished = true;
        if (!whole || abandoned) {
            got.forEach(FetchedBytes::release);
        }
    }

    /** Gives back what was and will be fetched: nobody takes it. Called by another thread. */
    synchronized void abandon() {
        abandoned = true;
        if (finished) {
            got.forEach(FetchedBytes::release);
        }
    }

    private void fetchAll() throws IOException {
        int failures = 0;
        while (got.size() < producers.size()) {
            int before = got.size();
            try {
                fetchRest();
            } catch (ClosedByInterruptException | SegmentFetchException lasting) {
                throw lasting;
            } catch (IOException broken) {
                failures = got.size() > before ? 1 : failures + weight(broken);
                if (failures >= TRIES) {
                    throw failed(String.valueOf(broken.getMessage()), broken);
                }
                fetcher.pause(FIRST_PAUSE_MILLIS << failures, TimeUnit.MILLISECONDS);
            }
        }
    }

    /** An answer will be the same next time, and who waited long in vain does not try as often. */
    private static int weight(IOException failure) {
        if (failure instanceof TransferException told) {
            if (told.code() == ErrorCode.NO_ANSWER) {
                return TRIES / 2;
            }
            return told.isAnswered() || told.code() == ErrorCode.ENGINE_CLOSED ? TRIES : 1;
        }
        return 1;
    }

    private void fetchRest() throws IOException {
        List<AttemptId> rest = producers.subList(got.size(), producers.size());
        String name = SegmentNames.batch(partition, rest);
        try (TransferStream stream = fetcher.client().open(holder.data(), SegmentSource.KIND, name);
                DataInputStream in = new DataInputStream(stream)) {
            while (got.size() < producers.size()) {
                FetchedBytes bytes = fetchOne(in, stream.length());
                got.add(bytes);
                fetcher.count(bytes.header().storedBytes());
            }
        }
    }

    private FetchedBytes fetchOne(DataInputStream in, long most) throws IOException {
        int answer = in.read();
        switch (answer) {
            case SegmentHeader.HELD -> {
                SegmentHeader header = SegmentHeader.read(in);
                if (header.storedBytes() > most) {
                    throw failed("is announced with " + header.storedBytes() + " bytes in a stream of " + most, null);
                }
                FetchedBytes bytes = place(header);
                try {
                    bytes.readFrom(in);
                    return bytes;
                } catch (IOException | RuntimeException e) {
                    bytes.release();
                    throw e;
                }
            }
            case SegmentHeader.REFUSED -> {
                byte[] text = new byte[in.readUnsignedShort()];
                in.readFully(text);
                throw failed(new String(text, StandardCharsets.UTF_8), null);
            }
            case -1 -> throw new EOFException("the stream ends before the segment");
            default -> throw failed("is announced with " + answer + "; expected a segment", null);
        }
    }

    private FetchedBytes place(SegmentHeader header) throws IOException {
        long bytes = header.storedBytes();
        if (fetcher.reserve(bytes)) {
            return FetchedBytes.inMemory(header, () -> fetcher.giveBack(bytes));
        }
        FetchFile spill = file;
        if (spill == null) {
            spill = fetcher.newFile();
            file = spill;
        }
        return FetchedBytes.inFile(header, spill);
    }

    SegmentFetchException failed(String why, @Nullable Throwable cause) {
        AttemptId producer = producers.get(Math.min(got.size(), producers.size() - 1));
        return new SegmentFetchException(
                producer,
                "output of " + producer + ", partition " + partition + ", on node " + holder.node() + " at "
                        + holder.data() + ": " + why,
                cause);
    }
}
