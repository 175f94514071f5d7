package dev.sampo.io;

import dev.sampo.spi.ByteWriter;
import dev.sampo.spi.Codec;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Lists as values: the number of elements, then each with its length unless its width is fixed. */
record ListCodec<T>(Codec<T> elements) implements Codec<List<T>> {
    @Override
    public void encode(List<T> value, ByteWriter out) {
        out.writeVarInt(value.size());
        for (T element : value) {
            if (element == null) {
                throw new SampoException(
                        ErrorCode.CODEC_CANNOT_ENCODE, "a list holds null; expected elements that are not null");
            }
            Framing.VALUE.encode(elements, element, out);
        }
    }

    @Override
    public List<T> decode(byte[] bytes, int offset, int length) {
        int limit = offset + length;
        int count = VarInts.get(bytes, offset, limit);
        int position = offset + VarInts.width(count);
        List<T> list = new ArrayList<>(Math.min(count, length));
        for (int i = 0; i < count; i++) {
            int end = Framing.VALUE.end(elements, bytes, position, limit);
            list.add(Framing.VALUE.decode(elements, bytes, position, end));
            position = end;
        }
        if (position != limit) {
            throw new SampoException(
                    ErrorCode.DATA_CORRUPT, (limit - position) + " bytes behind the last of " + count + " elements");
        }
        return Collections.unmodifiableList(list);
    }
}
