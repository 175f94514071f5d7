package dev.sampo.io;

import dev.sampo.api.Pair;
import dev.sampo.spi.ByteWriter;
import dev.sampo.spi.Codec;

/** Pairs as values: the first with its length unless its width is fixed, then the second. */
record PairCodec<A, B>(Codec<A> first, Codec<B> second) implements Codec<Pair<A, B>> {
    @Override
    public void encode(Pair<A, B> value, ByteWriter out) {
        Framing.VALUE.encode(first, value.first(), out);
        second.encode(value.second(), out);
    }

    @Override
    public Pair<A, B> decode(byte[] bytes, int offset, int length) {
        int limit = offset + length;
        int end = Framing.VALUE.end(first, bytes, offset, limit);
        return Pair.of(Framing.VALUE.decode(first, bytes, offset, end), second.decode(bytes, end, limit - end));
    }

    @Override
    public int fixedWidth() {
        return Framing.sumOfWidths(first.fixedWidth(), second.fixedWidth());
    }
}
