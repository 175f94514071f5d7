package dev.sampo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Stands between two ends of TCP connections and keeps what passes, as somebody on the network would. */
public final class RecordingRelay implements AutoCloseable {
    private static final int MOST_BYTES = 32 << 20;

    private final ServerSocket server;
    private final int target;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final ByteArrayOutputStream seen = new ByteArrayOutputStream();

    /** Listens on a free port of loopback and hands everything to another port of it. */
    public RecordingRelay(int target) throws IOException {
        this.target = target;
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        daemon(this::accept);
    }

    /** Returns where it listens. */
    public int port() {
        return server.getLocalPort();
    }

    /** Returns all bytes that passed in either direction, as text of one character a byte. */
    public String seen() {
        synchronized (seen) {
            return seen.toString(StandardCharsets.ISO_8859_1);
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket in = server.accept();
                sockets.add(in);
                Socket out = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(out);
                daemon(() -> copy(in, out));
                daemon(() -> copy(out, in));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void copy(Socket from, Socket to) {
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                synchronized (seen) {
                    if (seen.size() < MOST_BYTES) {
                        seen.write(buffer, 0, count);
                    }
                }
                out.write(buffer, 0, count);
            }
        } catch (IOException e) {
            // one end is gone; closing the other tells it
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "relay");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
