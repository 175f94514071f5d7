package dev.sampo.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class RunAddressTest {
    @Test
    void choosesALoopbackAddressAndAFreePort() throws IOException {
        RunAddress address = RunAddress.choose();

        InetAddress host = InetAddress.getByName(address.host());
        assertThat(host.isLoopbackAddress()).isTrue();
        try (ServerSocket socket = new ServerSocket(address.port(), 1, host)) {
            assertThat(socket.getLocalPort()).isEqualTo(address.port());
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void differentProcessesHaveDifferentAddresses() throws IOException {
        assertThat(RunAddress.choose(4_000_000).host())
                .isNotEqualTo(RunAddress.choose(4_000_001).host());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void passesOverAPortThatIsTaken() throws IOException {
        RunAddress first = RunAddress.choose(3_999_999);
        try (ServerSocket socket = new ServerSocket(first.port(), 1, InetAddress.getByName(first.host()))) {
            assertThat(RunAddress.choose(3_999_999).port()).isNotEqualTo(socket.getLocalPort());
        }
    }
}
