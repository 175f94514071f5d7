package dev.sampo.io;

import dev.sampo.spi.ByteWriter;
import dev.sampo.spi.Codec;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.OutputStream;

/**
 * Java serialization as a codec, for values that have no other. Classes are looked up by the context class loader of
 * the thread, which in an attempt is that of the job.
 */
enum SerializedCodec implements Codec<Object> {
    SERIALIZED;

    @Override
    public void encode(Object value, ByteWriter out) {
        try (ObjectOutputStream objects = new ObjectOutputStream(new Sink(out))) {
            objects.writeObject(value);
        } catch (IOException e) {
            throw new SampoException(
                    ErrorCode.CODEC_CANNOT_ENCODE,
                    "a value of class " + value.getClass().getName() + " cannot be serialized: " + e
                            + "; expected everything in it to be Serializable",
                    e);
        }
    }

    @Override
    public Object decode(byte[] bytes, int offset, int length) {
        try (ObjectInputStream objects = new JobObjects(new ByteArrayInputStream(bytes, offset, length))) {
            return objects.readObject();
        } catch (ClassNotFoundException e) {
            throw new SampoException(
                    ErrorCode.JOB_CLASS,
                    "class " + e.getMessage() + " of a serialized value was not found; expected it in the job's jars",
                    e);
        } catch (IOException e) {
            throw new SampoException(
                    ErrorCode.DATA_CORRUPT, "a serialized value of " + length + " bytes cannot be read", e);
        }
    }

    private static final class Sink extends OutputStream {
        private final ByteWriter out;

        Sink(ByteWriter out) {
            this.out = out;
        }

        @Override
        public void write(int value) {
            out.writeByte(value);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            out.write(bytes, offset, length);
        }
    }

    private static final class JobObjects extends ObjectInputStream {
        JobObjects(InputStream in) throws IOException {
            super(in);
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass description) throws IOException, ClassNotFoundException {
            ClassLoader loader = Thread.currentThread().getContextClassLoader();
            if (loader != null) {
                try {
                    return Class.forName(description.getName(), false, loader);
                } catch (ClassNotFoundException e) {
                    // A primitive type, or a class of the engine that the job's loader does not show.
                    return super.resolveClass(description);
                }
            }
            return super.resolveClass(description);
        }
    }
}
