package dev.sampo.io;

import dev.sampo.api.Pair;
import dev.sampo.spi.ByteWriter;
import dev.sampo.spi.KeyCodec;

/** Pairs as keys: by the first, then by the second. */
record PairKeyCodec<A, B>(KeyCodec<A> first, KeyCodec<B> second) implements KeyCodec<Pair<A, B>> {
    @Override
    public void encode(Pair<A, B> value, ByteWriter out) {
        Framing.KEY.encode(first, value.first(), out);
        second.encode(value.second(), out);
    }

    @Override
    public Pair<A, B> decode(byte[] bytes, int offset, int length) {
        int limit = offset + length;
        int end = Framing.KEY.end(first, bytes, offset, limit);
        return Pair.of(Framing.KEY.decode(first, bytes, offset, end), second.decode(bytes, end, limit - end));
    }

    @Override
    public int fixedWidth() {
        return Framing.sumOfWidths(first.fixedWidth(), second.fixedWidth());
    }
}
