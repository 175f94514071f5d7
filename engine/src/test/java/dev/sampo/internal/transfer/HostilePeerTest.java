package dev.sampo.internal.transfer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampo.internal.model.DataAddress;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HostilePeerTest {
    private static final Duration BRIEF = Duration.ofMillis(500);
    private static final int CONNECTIONS = 20;
    private static final int STREAMS = 8;

    private final CountDownLatch never = new CountDownLatch(1);
    private final TransferServer server = TransferServer.start(
            new DataAddress("127.0.0.1", 0),
            TransferSecurity.PLAIN,
            TransferLimits.defaults()
                    .withTimes(BRIEF, Duration.ofSeconds(5), Duration.ofSeconds(5), BRIEF)
                    .withCounts(CONNECTIONS, STREAMS),
            Map.of("thing", name -> Content.of(name.getBytes(UTF_8)), "slow", name -> {
                try {
                    never.await();
                } catch (InterruptedException closing) {
                    throw new IOException(closing);
                }
                return null;
            }),
            Map.of());
    private final TransferClient client = new TransferClient(TransferSecurity.PLAIN, TransferLimits.defaults());

    @AfterEach
    void close() throws IOException {
        never.countDown();
        try (InputStream in = client.open(server.address(), "thing", "still served")) {
            assertThat(in.readAllBytes()).asString(UTF_8).isEqualTo("still served");
        } finally {
            client.close();
            server.close();
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(server.address().host(), server.address().port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static ByteBuffer preface() {
        return ByteBuffer.allocate(1 << 16)
                .putInt(Frames.MAGIC)
                .putShort((short) 1)
                .putShort((short) 0);
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.flip().remaining()];
        buffer.get(bytes);
        return bytes;
    }

    /** Sends, and reads until the server closes. */
    private byte[] exchange(byte[] sent) throws IOException {
        try (Socket socket = connect()) {
            try {
                socket.getOutputStream().write(sent);
                return socket.getInputStream().readAllBytes();
            } catch (SocketException reset) {
                return new byte[0];
            }
        }
    }

    @Test
    void aStrangerIsToldAndCutOff() throws IOException {
        byte[] answer = exchange("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(UTF_8));
        assertThat(new String(answer, ISO_8859_1)).contains("this is a data port of a Sampo node");
    }

    @Test
    void anotherVersionIsToldAndCutOff() throws IOException {
        byte[] answer = exchange(bytes(preface().putShort(4, (short) 7)));
        assertThat(new String(answer, ISO_8859_1)).contains("speaks version 1 of the data protocol", "got version 7");
    }

    @Test
    void randomBytesEndTheConnectionOnly() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            byte[] noise = new byte[random.nextInt(2000)];
            random.nextBytes(noise);
            ByteBuffer sent = i % 2 == 0 ? preface() : ByteBuffer.allocate(1 << 16);
            assertThat(exchange(bytes(sent.put(noise))).length)
                    .as("seed %d", seed)
                    .isLessThan(1000);
        }
    }

    @Test
    void impossibleFramesEndTheConnection() throws IOException {
        int[] lengths = {Integer.MAX_VALUE, Integer.MIN_VALUE, -1, 0, 4, Frames.LARGEST_GATHERED + 1};
        for (int length : lengths) {
            byte[] sent = bytes(preface().putInt(length).put((byte) Frames.OPEN).putInt(1));
            assertThat(exchange(sent)).as("length %d", length).hasSizeLessThanOrEqualTo(Frames.PREFACE_BYTES);
        }
        for (int type = 0; type < 256; type++) {
            if (type == Frames.PING || type == Frames.CANCEL) {
                continue;
            }
            byte[] sent = bytes(preface().putInt(5).put((byte) type).putInt(1));
            assertThat(exchange(sent))
                    .as("type %d without a body", type)
                    .hasSizeLessThanOrEqualTo(Frames.PREFACE_BYTES);
        }
    }

    @Test
    void whoSaysNothingIsCutOff() throws IOException {
        assertThat(exchange(new byte[0])).isEmpty();
        assertThat(exchange(new byte[] {0x53})).isEmpty();
        assertThat(exchange(bytes(preface()))).hasSize(Frames.PREFACE_BYTES);
    }

    @Test
    void whoSendsAByteNowAndThenIsCutOff() throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(bytes(preface().putInt(1000).put((byte) Frames.OPEN)));
            socket.getInputStream().readNBytes(Frames.PREFACE_BYTES);
            socket.setSoTimeout(20);
            long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            boolean open = true;
            while (open && System.nanoTime() < deadline) {
                try {
                    socket.getOutputStream().write(1);
                    open = socket.getInputStream().read() >= 0;
                } catch (SocketTimeoutException silent) {
                    open = true;
                } catch (SocketException reset) {
                    open = false;
                }
            }
            assertThat(open).isFalse();
        }
    }

    @Test
    void moreConnectionsThanTheLimitAreClosed() throws IOException {
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < 1000; i++) {
                sockets.add(connect());
                assertThat(server.connections()).isLessThanOrEqualTo(CONNECTIONS);
            }
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
        // those that wait in the backlog are still taken in turn, and found to be gone
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        boolean served = false;
        while (!served && System.nanoTime() < deadline) {
            try (InputStream in = client.open(server.address(), "thing", "x")) {
                served = in.readAllBytes().length == 1;
            } catch (TransferException stillFull) {
                served = false;
            }
        }
        assertThat(served).isTrue();
    }

    @Test
    void moreRequestsThanTheLimitAreRefused() throws IOException {
        ByteBuffer sent = preface();
        for (int stream = 1; stream <= STREAMS + 1; stream++) {
            open(sent, stream, "slow", "x");
        }
        try (Socket socket = connect()) {
            socket.getOutputStream().write(bytes(sent));
            DataInputStream in = new DataInputStream(socket.getInputStream());
            in.readNBytes(Frames.PREFACE_BYTES);
            byte[] error = in.readNBytes(in.readInt());
            assertThat(error[0]).isEqualTo((byte) Frames.ERROR);
            assertThat(ByteBuffer.wrap(error).getInt(1)).isEqualTo(STREAMS + 1);
            assertThat(new String(error, ISO_8859_1)).contains("has 8 open streams and notices; expected fewer");
        }
    }

    @Test
    void whoAsksAndDoesNotReadIsNotReadFrom() throws IOException {
        ByteBuffer requests = ByteBuffer.allocate(1 << 20);
        for (int stream = 1; requests.remaining() > 100; stream++) {
            open(requests, stream, "nothing", "x");
        }
        requests.flip();
        try (SocketChannel channel = SocketChannel.open(new InetSocketAddress(
                        server.address().host(), server.address().port()));
                Selector selector = Selector.open()) {
            channel.write(preface().flip());
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_WRITE);
            long written = 0;
            long most = 200L << 20;
            try {
                while (written < most && selector.select(1_000) > 0) {
                    selector.selectedKeys().clear();
                    written += channel.write(requests);
                    if (!requests.hasRemaining()) {
                        requests.rewind();
                    }
                }
            } catch (IOException cutOff) {
                assertThat(written).as("sent until %s", cutOff).isPositive();
            }
            assertThat(written).as("the server went on reading").isLessThan(most);
        }
    }

    private static void open(ByteBuffer to, int stream, String kind, String name) {
        int body = 8 + 2 + kind.length() + name.length();
        to.putInt(5 + body).put((byte) Frames.OPEN).putInt(stream).putLong(1000);
        to.putShort((short) kind.length()).put(kind.getBytes(UTF_8)).put(name.getBytes(UTF_8));
    }

    /** Answers each connection with the same bytes: a good preface first, and what is behind it to a request. */
    private static ServerSocket answering(byte[] answer) throws IOException {
        ServerSocket listening = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(() -> {
            while (!listening.isClosed()) {
                try (Socket socket = listening.accept()) {
                    socket.getInputStream().readNBytes(Frames.PREFACE_BYTES);
                    boolean good =
                            Arrays.equals(answer, 0, Frames.PREFACE_BYTES, bytes(preface()), 0, Frames.PREFACE_BYTES);
                    int first = good ? Frames.PREFACE_BYTES : answer.length;
                    socket.getOutputStream().write(answer, 0, first);
                    if (good) {
                        socket.getInputStream().readNBytes(Frames.HEADER_BYTES);
                        socket.getOutputStream().write(answer, first, answer.length - first);
                    }
                    socket.getInputStream().readAllBytes();
                } catch (IOException ended) {
                    // that was its aim
                }
            }
        });
        thread.setDaemon(true);
        thread.start();
        return listening;
    }

    private void refuses(byte[] answer, String message) throws IOException {
        try (ServerSocket other = answering(answer)) {
            DataAddress address = new DataAddress("127.0.0.1", other.getLocalPort());
            assertThatThrownBy(() -> {
                        try (InputStream in = client.open(address, "thing", "x")) {
                            in.readAllBytes();
                        }
                    })
                    .isInstanceOf(TransferException.class)
                    .hasMessageContaining(address.toString())
                    .hasMessageContaining(message);
            assertThat(client.reservedBytes()).isZero();
        }
    }

    @Test
    void aServerThatIsNoneIsTold() throws IOException {
        refuses("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(UTF_8), "expected a Sampo node of data protocol version 1");
        refuses(bytes(preface().putShort(4, (short) 2)), "version 2; expected a Sampo node");
        refuses(bytes(preface().putShort(6, (short) 1).putShort((short) 2).put("no".getBytes(UTF_8))), "refuses: no");
    }

    @Test
    void aServerThatBreaksTheProtocolIsCutOff() throws IOException {
        ByteBuffer head = preface().putInt(13).put((byte) Frames.HEAD).putInt(1).putLong(10);
        refuses(bytes(preface().putInt(Integer.MAX_VALUE).put((byte) Frames.RAW).putInt(1)), "2147483647 bytes");
        refuses(bytes(preface().putInt(5).put((byte) Frames.END).putInt(77)), "stream 77");
        refuses(bytes(preface().putInt(13).put((byte) Frames.HEAD).putInt(1).putLong(-5)), "announced -5 bytes");
        refuses(
                bytes(head.duplicate()
                        .putInt(16)
                        .put((byte) Frames.RAW)
                        .putInt(1)
                        .put(new byte[11])),
                "sent 11 of 10 bytes");
        refuses(bytes(head.duplicate().putInt(5).put((byte) Frames.END).putInt(1)), "ended after 0 of 10 bytes");
        refuses(
                bytes(head.duplicate()
                        .putInt(12)
                        .put((byte) Frames.DATA)
                        .putInt(1)
                        .putInt(99)
                        .put(new byte[3])),
                "checksum");
    }
}
