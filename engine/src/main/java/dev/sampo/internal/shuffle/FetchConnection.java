package dev.sampo.internal.shuffle;

import dev.sampo.internal.model.AttemptId;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Function;

/** A connection to a segment server. Used by one thread at a time; an interrupt of it closes the connection. */
final class FetchConnection implements Closeable {
    private static final int COPY_BYTES = 64 << 10;

    private final InetSocketAddress holder;
    private final SocketChannel channel;
    private final DataInputStream in;

    /** What a server says of a segment before its bytes. */
    record Header(long storedBytes, long rawBytes, long records, int largestRecord, int crc, int blockBytes) {}

    /** The server answered, and does not have it. */
    static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1;

        RefusedException(String message) {
            super(message);
        }
    }

    private FetchConnection(InetSocketAddress holder, SocketChannel channel, DataInputStream in) {
        this.holder = holder;
        this.channel = channel;
        this.in = in;
    }

    static FetchConnection open(InetSocketAddress holder, Duration timeout) throws IOException {
        if (holder.isUnresolved()) {
            throw new IOException("host " + holder.getHostString() + " is unknown; expected one that resolves");
        }
        SocketChannel channel = SocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            int millis = Math.toIntExact(timeout.toMillis());
            // the streams of the adapted socket know time-outs, and are still ended by an interrupt
            channel.socket().connect(holder, millis);
            channel.socket().setSoTimeout(millis);
            return new FetchConnection(
                    holder,
                    channel,
                    new DataInputStream(new BufferedInputStream(channel.socket().getInputStream(), COPY_BYTES)));
        } catch (IOException e) {
            channel.close();
            throw new IOException(holder + " cannot be reached: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    InetSocketAddress holder() {
        return holder;
    }

    /**
     * Asks for a segment and reads it.
     *
     * @param storage chooses where the bytes go once their number is known
     */
    FetchedBytes request(AttemptId producer, int partition, Function<Header, FetchedBytes> storage) throws IOException {
        send(producer, partition);
        int answer = in.read();
        switch (answer) {
            case FetchFormat.HELD -> {
                Header header = new Header(
                        in.readLong(), in.readLong(), in.readLong(), in.readInt(), in.readInt(), in.readInt());
                check(header);
                FetchedBytes bytes = storage.apply(header);
                try {
                    bytes.readFrom(in);
                    return bytes;
                } catch (IOException | RuntimeException e) {
                    bytes.release();
                    throw e;
                }
            }
            case FetchFormat.REFUSED -> {
                byte[] text = new byte[in.readUnsignedShort()];
                in.readFully(text);
                throw new RefusedException(holder + ": " + new String(text, StandardCharsets.UTF_8));
            }
            case -1 -> throw new EOFException(holder + " closed the connection; expected an answer");
            default -> throw new IOException(holder + " answers with " + answer + "; expected a segment server");
        }
    }

    private void check(Header header) throws IOException {
        if (header.storedBytes < 0 || header.rawBytes < 0 || header.records < 0 || header.blockBytes <= 0) {
            throw new IOException(holder + " describes a segment as " + header + "; expected sizes of at least 0");
        }
    }

    private void send(AttemptId producer, int partition) throws IOException {
        byte[] job = producer.task().job().value().getBytes(StandardCharsets.UTF_8);
        int length = 4 + 2 + job.length + 4 * 4;
        ByteBuffer request = ByteBuffer.allocate(4 + length)
                .putInt(length)
                .putInt(FetchFormat.MAGIC)
                .putShort((short) job.length)
                .put(job)
                .putInt(producer.task().stage())
                .putInt(producer.task().index())
                .putInt(producer.number())
                .putInt(partition)
                .flip();
        while (request.hasRemaining()) {
            channel.write(request);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException lost) {
            // it is of no more use either way
            return;
        }
    }
}
