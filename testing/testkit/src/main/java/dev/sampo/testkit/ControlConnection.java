package dev.sampo.testkit;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;

/** One end of the connection between the parent and a node. Many threads may send; one thread receives. */
final class ControlConnection implements Closeable {
    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;

    ControlConnection(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
    }

    void send(Frame frame) throws IOException {
        synchronized (out) {
            frame.writeTo(out);
        }
    }

    /** Waits for the next frame; an {@link java.io.EOFException} is the end of the connection. */
    Frame receive() throws IOException {
        return Frame.readFrom(in);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
