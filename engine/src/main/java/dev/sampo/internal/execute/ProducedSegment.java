package dev.sampo.internal.execute;

import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.shuffle.BlockDecoder;
import dev.sampo.internal.shuffle.BlockReader;
import dev.sampo.internal.shuffle.Segment;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.IOException;

/** A segment that knows who made it, so that trouble in reading it is put down to its producer. */
record ProducedSegment(AttemptId producer, Segment segment) implements Segment {
    @Override
    public String name() {
        return segment.name();
    }

    @Override
    public long records() {
        return segment.records();
    }

    @Override
    public long rawBytes() {
        return segment.rawBytes();
    }

    @Override
    public long storedBytes() {
        return segment.storedBytes();
    }

    @Override
    public int largestRecord() {
        return segment.largestRecord();
    }

    @Override
    public int blockBytes() {
        return segment.blockBytes();
    }

    @Override
    public boolean inPlace() {
        return segment.inPlace();
    }

    @Override
    public BlockReader open(BlockDecoder decoder) throws IOException {
        try {
            return new ProducedBlocks(producer, segment.open(decoder));
        } catch (SampoException e) {
            throw blame(producer, e);
        }
    }

    private static RuntimeException blame(AttemptId producer, SampoException e) {
        return e.code() == ErrorCode.FETCH_FAILED ? new FetchFailedException(producer, e) : e;
    }

    private record ProducedBlocks(AttemptId producer, BlockReader blocks) implements BlockReader {
        @Override
        public boolean next() throws IOException {
            try {
                return blocks.next();
            } catch (SampoException e) {
                throw blame(producer, e);
            }
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
