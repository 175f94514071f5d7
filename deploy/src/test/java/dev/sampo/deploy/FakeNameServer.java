package dev.sampo.deploy;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A name server (RFC 1035, section 4) on loopback with one name, whose IPv4 addresses can be added to. */
final class FakeNameServer implements AutoCloseable {
    static final String NAME = "seeds.sampo.test";

    private static final int HEADER = 12;
    private static final int TYPE_A = 1;
    private static final int CLASS_IN = 1;
    private static final int ANSWER = 0x8580;
    /** Points to the name in the question. */
    private static final int SAME_NAME = 0xc00c;

    private final DatagramSocket socket;
    private final List<InetAddress> addresses = new CopyOnWriteArrayList<>();

    FakeNameServer() throws IOException {
        socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Thread thread = new Thread(this::serve, "name-server");
        thread.setDaemon(true);
        thread.start();
    }

    /** Returns where it is, as {@code host:port}. */
    String server() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    void add(String address) throws IOException {
        addresses.add(InetAddress.getByName(address));
    }

    private void serve() {
        byte[] buffer = new byte[512];
        while (!socket.isClosed()) {
            DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
            try {
                socket.receive(packet);
                byte[] answer = answer(Arrays.copyOf(buffer, packet.getLength()));
                socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    throw new AssertionError("the name server broke", e);
                }
            }
        }
    }

    /** Whatever name is asked for is the one name: nodes of a test ask for no other. */
    private byte[] answer(byte[] question) throws IOException {
        int end = HEADER;
        while (question[end] != 0) {
            end += question[end] + 1;
        }
        int type = ByteBuffer.wrap(question).getShort(end + 1);
        List<InetAddress> found = type == TYPE_A ? addresses : List.of();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.write(question, 0, 2); // its number
        out.writeShort(ANSWER);
        out.writeShort(1);
        out.writeShort(found.size());
        out.writeInt(0);
        out.write(question, HEADER, end + 5 - HEADER); // the question
        for (InetAddress address : found) {
            out.writeShort(SAME_NAME);
            out.writeShort(TYPE_A);
            out.writeShort(CLASS_IN);
            out.writeInt(0);
            out.writeShort(address.getAddress().length);
            out.write(address.getAddress());
        }
        return bytes.toByteArray();
    }

    @Override
    public void close() {
        socket.close();
    }
}
