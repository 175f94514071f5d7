package dev.sampo.io;

import dev.sampo.spi.ByteWriter;
import dev.sampo.spi.Codec;
import java.io.IOException;
import java.io.ObjectInputStream;
import org.jspecify.annotations.Nullable;

/** Records as values: the components in order, those of varying width with their length, the last one without. */
final class RecordCodec<R extends Record> implements Codec<R> {
    private static final long serialVersionUID = 1;

    private final Class<R> type;
    private transient RecordShape<R> shape;

    RecordCodec(Class<R> type) {
        this(type, RecordShape.of(type, Framing.VALUE));
    }

    RecordCodec(Class<R> type, RecordShape<R> shape) {
        this.type = type;
        this.shape = shape;
    }

    @Override
    public void encode(R value, ByteWriter out) {
        shape.encode(value, out);
    }

    @Override
    public R decode(byte[] bytes, int offset, int length) {
        return shape.decode(bytes, offset, length);
    }

    @Override
    public int fixedWidth() {
        return shape.fixedWidth();
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
        in.defaultReadObject();
        shape = RecordShape.of(type, Framing.VALUE);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RecordCodec<?> that && type == that.type;
    }

    @Override
    public int hashCode() {
        return type.getName().hashCode();
    }

    @Override
    public String toString() {
        return "RecordCodec[" + type.getName() + "]";
    }
}
