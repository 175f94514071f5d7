package dev.sampo.internal.execute;

import dev.sampo.api.Values;
import dev.sampo.internal.shuffle.SegmentMerger;
import dev.sampo.spi.Codec;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;

/** The values of the merger's current group, decoded one by one. One instance serves all groups of an attempt. */
final class GroupValues<V> implements Values<V> {
    private final SegmentMerger merger;
    private final AttemptScope scope;
    private final Codec<V> codec;
    private final Iterator<V> rest = new Rest();
    private boolean taken;
    private boolean looked;
    private boolean present;

    GroupValues(AttemptScope scope, SegmentMerger merger, Codec<V> codec) {
        this.scope = scope;
        this.merger = merger;
        this.codec = codec;
    }

    /** Goes on to the group the merger went to. */
    void nextGroup() {
        taken = false;
        looked = false;
    }

    @Override
    public Iterator<V> iterator() {
        if (taken) {
            throw new IllegalStateException("the values of a key are streamed; expected one iteration over them");
        }
        taken = true;
        return rest;
    }

    /** What is left of the values of the current group. */
    private final class Rest implements Iterator<V> {
        @Override
        public boolean hasNext() {
            if (!looked) {
                if (scope.isCanceled()) {
                    throw new CancellationException("attempt " + scope.attempt() + " was canceled");
                }
                try {
                    present = merger.nextValue();
                } catch (IOException e) {
                    throw new SampoException(
                            ErrorCode.SPILL_FAILED, "the values of a key could not be read: " + e.getMessage(), e);
                }
                looked = true;
            }
            return present;
        }

        @Override
        public V next() {
            if (!hasNext()) {
                throw new NoSuchElementException("the key has no more values");
            }
            looked = false;
            return codec.decode(merger.valueArray(), merger.valueOffset(), merger.valueLength());
        }
    }
}
