package dev.sampo.internal.shuffle;

import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;

/** A segment that came from another node. Damage found in it is {@link ErrorCode#FETCH_FAILED}. */
final class FetchedSegment implements Segment {
    private final SegmentFetcher fetcher;
    private final SegmentFetcher.Wanted wanted;
    private FetchedBytes bytes;

    FetchedSegment(SegmentFetcher fetcher, SegmentFetcher.Wanted wanted, FetchedBytes bytes) {
        this.fetcher = fetcher;
        this.wanted = wanted;
        this.bytes = bytes;
        fetcher.releaseWith(this, bytes);
    }

    @Override
    public String name() {
        return "output of " + wanted.producer() + ", partition " + wanted.partition() + ", from node "
                + wanted.holder().node() + " at " + wanted.holder().data();
    }

    private synchronized SegmentHeader header() {
        return bytes.header();
    }

    @Override
    public long records() {
        return header().records();
    }

    @Override
    public long rawBytes() {
        return header().rawBytes();
    }

    @Override
    public long storedBytes() {
        return header().storedBytes();
    }

    @Override
    public int largestRecord() {
        return header().largestRecord();
    }

    @Override
    public int blockBytes() {
        return header().blockBytes();
    }

    /** Never: what came over the network is checked, and so decoded into a buffer. */
    @Override
    public boolean inPlace() {
        return false;
    }

    @Override
    public synchronized BlockReader open(BlockDecoder decoder) throws IOException {
        try {
            if (bytes.isReleased()) {
                bytes = fetcher.load(wanted);
                fetcher.releaseWith(this, bytes);
            }
            return new ReleasingReader(
                    new CheckedBlockReader(
                            this,
                            bytes.open(),
                            ErrorCode.FETCH_FAILED,
                            bytes.offset(),
                            bytes.header().crc(),
                            decoder),
                    bytes);
        } catch (ClosedByInterruptException interrupted) {
            throw interrupted;
        } catch (IOException failure) {
            throw new SampoException(
                    ErrorCode.FETCH_FAILED, name() + ": cannot be read: " + failure.getMessage(), failure);
        }
    }

    /** Gives the bytes back when they have been read to their end. */
    private record ReleasingReader(BlockReader blocks, FetchedBytes bytes) implements BlockReader {
        @Override
        public boolean next() throws IOException {
            boolean more = blocks.next();
            if (!more) {
                bytes.release();
            }
            return more;
        }

        @Override
        public byte[] array() {
            return blocks.array();
        }

        @Override
        public int offset() {
            return blocks.offset();
        }

        @Override
        public int length() {
            return blocks.length();
        }

        @Override
        public void close() {
            blocks.close();
        }
    }
}
