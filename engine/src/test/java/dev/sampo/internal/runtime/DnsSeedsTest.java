package dev.sampo.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampo.internal.config.ClusterSettings.DnsSettings;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.naming.NamingException;
import org.junit.jupiter.api.Test;

/** Against a name server of a few lines, and the hosts file. */
class DnsSeedsTest {
    private static final int A = 1;
    private static final int AAAA = 28;
    private static final int SRV = 33;

    @Test
    void findsSeedsByTheirAddressesInOneOrder() throws Exception {
        try (NameServer server = new NameServer()) {
            server.add("seeds.example.org", A, new byte[] {10, 0, 0, 9}, new byte[] {10, 0, 0, 10});
            server.add(
                    "seeds.example.org", AAAA, InetAddress.getByName("fd00::1").getAddress());
            assertThat(server.ask("seeds.example.org"))
                    .containsExactly("10.0.0.10:25520", "10.0.0.9:25520", "[fd00:0:0:0:0:0:0:1]:25520");
        }
    }

    @Test
    void findsSeedsByServiceRecordsWithTheirPorts() throws Exception {
        try (NameServer server = new NameServer()) {
            server.add("_sampo._tcp.example.org", SRV, srv(4711, "a.example.org"), srv(4712, "b.example.org"));
            server.add("a.example.org", A, new byte[] {10, 0, 0, 1});
            server.add("b.example.org", A, new byte[] {10, 0, 0, 2});
            assertThat(server.ask("_sampo._tcp.example.org")).containsExactly("10.0.0.1:4711", "10.0.0.2:4712");
        }
    }

    @Test
    void asksAnewEachTime() throws Exception {
        try (NameServer server = new NameServer()) {
            DnsSeeds seeds = server.seeds("seeds.example.org");
            assertThatThrownBy(seeds::find).isInstanceOf(NamingException.class);
            server.add("seeds.example.org", A, new byte[] {10, 0, 0, 1});
            assertThat(seeds.find()).containsExactly("10.0.0.1:25520");
        }
    }

    @Test
    void asksTheSystemUnlessToldWhom() throws Exception {
        assertThat(new DnsSeeds(new DnsSettings("localhost", 25520, 1, "")).find())
                .contains("127.0.0.1:25520");
        assertThatThrownBy(() -> new DnsSeeds(new DnsSettings("no-such-name.invalid", 25520, 1, "")).find())
                .isInstanceOf(NamingException.class)
                .hasMessageContaining("no-such-name.invalid");
    }

    private static byte[] srv(int port, String target) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeShort(0);
        out.writeShort(0);
        out.writeShort(port);
        writeName(out, target);
        return bytes.toByteArray();
    }

    private static void writeName(DataOutputStream out, String name) throws IOException {
        for (String label : name.split("\\.")) {
            out.writeByte(label.length());
            out.write(label.getBytes(StandardCharsets.US_ASCII));
        }
        out.writeByte(0);
    }

    /** Answers questions (RFC 1035, section 4) with what was added; other names do not exist. */
    private static final class NameServer implements AutoCloseable {
        private final DatagramSocket socket =
                new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        private final Map<String, List<byte[]>> records = new ConcurrentHashMap<>();
        private final Thread thread = new Thread(this::serve, "name-server");

        NameServer() throws SocketException {
            thread.setDaemon(true);
            thread.start();
        }

        void add(String name, int type, byte[]... data) {
            records.put(name + "/" + type, List.of(data));
        }

        DnsSeeds seeds(String name) {
            return new DnsSeeds(new DnsSettings(name, 25520, 1, "127.0.0.1:" + socket.getLocalPort()));
        }

        List<String> ask(String name) throws NamingException {
            return seeds(name).find();
        }

        private void serve() {
            byte[] buffer = new byte[512];
            while (!socket.isClosed()) {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                try {
                    socket.receive(packet);
                    byte[] answer = answer(ByteBuffer.wrap(buffer, 0, packet.getLength()));
                    socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                } catch (IOException e) {
                    if (!socket.isClosed()) {
                        throw new AssertionError("the name server broke", e);
                    }
                }
            }
        }

        private byte[] answer(ByteBuffer question) throws IOException {
            int id = question.getShort(0);
            question.position(12);
            StringBuilder name = new StringBuilder();
            for (int length = question.get(); length > 0; length = question.get()) {
                byte[] label = new byte[length];
                question.get(label);
                name.append(name.isEmpty() ? "" : ".").append(new String(label, StandardCharsets.US_ASCII));
            }
            int type = question.getShort();
            List<byte[]> found = records.getOrDefault(name + "/" + type, List.of());
            boolean known = records.keySet().stream().anyMatch(key -> key.startsWith(name + "/"));
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeShort(id);
            out.writeShort(known ? 0x8580 : 0x8583);
            out.writeShort(1);
            out.writeShort(found.size());
            out.writeInt(0);
            writeName(out, name.toString());
            out.writeShort(type);
            out.writeShort(1);
            for (byte[] data : found) {
                writeName(out, name.toString());
                out.writeShort(type);
                out.writeShort(1);
                out.writeInt(0);
                out.writeShort(data.length);
                out.write(data);
            }
            return bytes.toByteArray();
        }

        @Override
        public void close() {
            socket.close();
        }
    }
}
