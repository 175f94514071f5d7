package dev.sampo.testkit;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * The loopback address and the conductor's port of a run. Pekko's multi-node testkit wants to know the port before it
 * is bound. A free port that was taken and let go may be gone when it is used; a fixed port on an address that nobody
 * else has is not. All of 127.0.0.0/8 is loopback on Linux; elsewhere it may be 127.0.0.1 only, and there the port is
 * one that was free a moment ago.
 *
 * @param host the address
 * @param port the port of the conductor
 */
record RunAddress(String host, int port) {
    /** The first port tried; below the range from which systems hand out ports. */
    private static final int FIRST_PORT = 4711;

    private static final int PORTS = 64;

    /** Chooses an address by the id of this process, which no other living process of the host has. */
    static RunAddress choose() throws IOException {
        return choose(ProcessHandle.current().pid());
    }

    static RunAddress choose(long pid) throws IOException {
        String own = "127." + (64 + (pid >> 16 & 63)) + "." + (pid >> 8 & 255) + "." + (pid & 255);
        if (!isFree(own, 0)) {
            return anyPort("127.0.0.1");
        }
        for (int port = FIRST_PORT; port < FIRST_PORT + PORTS; port++) {
            if (isFree(own, port)) {
                return new RunAddress(own, port);
            }
        }
        return anyPort(own);
    }

    private static RunAddress anyPort(String host) throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(host))) {
            return new RunAddress(host, socket.getLocalPort());
        }
    }

    private static boolean isFree(String host, int port) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(host, port));
            return true;
        } catch (BindException taken) {
            return false;
        }
    }
}
