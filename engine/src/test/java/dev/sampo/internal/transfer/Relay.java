package dev.sampo.internal.transfer;

import dev.sampo.internal.model.DataAddress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands between a client and a server, sees all bytes, and does to those of the server what it is told. */
public final class Relay implements AutoCloseable {
    private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final ByteArrayOutputStream seen = new ByteArrayOutputStream();
    private final AtomicInteger connections = new AtomicInteger();
    private final DataAddress target;
    private volatile Harm harm = (offset, bytes) -> bytes;

    /** What happens to the bytes of the server. */
    public interface Harm {
        /**
         * Returns what to pass on of a part, or an empty array to cut the connection.
         *
         * @param offset where the part begins in what the server sent on this connection
         */
        byte[] to(long offset, byte[] part) throws IOException;
    }

    /** Starts one before a server. */
    public Relay(DataAddress target) throws IOException {
        this.target = target;
        start(this::accept);
    }

    /** Changes what is done from now on. */
    public void harm(Harm now) {
        harm = now;
    }

    /** Passes on so many bytes of each connection, then cuts it. */
    public void cutAfter(long bytes) {
        harm = (offset, part) -> Arrays.copyOf(part, (int) Math.max(0, Math.min(part.length, bytes - offset)));
    }

    /** Flips a bit of the byte at a place. */
    public void alter(long at) {
        harm = (offset, part) -> {
            if (offset <= at && at < offset + part.length) {
                part[(int) (at - offset)] ^= 4;
            }
            return part;
        };
    }

    /** Returns where it listens. */
    public DataAddress address() {
        return new DataAddress("127.0.0.1", listening.getLocalPort());
    }

    /** Returns how many connections came. */
    public int connections() {
        return connections.get();
    }

    /** Returns all bytes it saw, of both sides. */
    public byte[] seen() {
        synchronized (seen) {
            return seen.toByteArray();
        }
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = listening.accept();
            connections.incrementAndGet();
            sockets.add(client);
            Socket server = new Socket(target.host(), target.port());
            sockets.add(server);
            start(() -> copy(client, server, (offset, bytes) -> bytes));
            start(() -> copy(server, client, (offset, bytes) -> harm.to(offset, bytes)));
        }
    }

    private void copy(Socket from, Socket to, Harm what) throws IOException {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[16 << 10];
            long offset = 0;
            for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
                byte[] part = Arrays.copyOf(buffer, count);
                synchronized (seen) {
                    seen.writeBytes(part);
                }
                byte[] passed = what.to(offset, part);
                out.write(passed);
                out.flush();
                offset += count;
                if (passed.length < count) {
                    return;
                }
            }
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void start(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException ended) {
                        return;
                    }
                },
                "relay");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
