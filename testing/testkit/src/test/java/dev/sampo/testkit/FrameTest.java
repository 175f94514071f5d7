package dev.sampo.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FrameTest {
    @ParameterizedTest
    @EnumSource(Frame.Kind.class)
    void everyKindTravels(Frame.Kind kind) throws IOException {
        Frame frame = Frame.of(kind, "", "Grüße,\n\"x\"", "y".repeat(100_000));

        assertThat(Frame.readFrom(input(bytesOf(frame)))).isEqualTo(frame);
    }

    @Test
    void theEndOfTheConnectionIsToldApart() {
        assertThatThrownBy(() -> Frame.readFrom(input(new byte[0]))).isInstanceOf(EOFException.class);
    }

    @Test
    void refusesWhatIsNoFrame() {
        assertThatThrownBy(() -> Frame.readFrom(input(new byte[] {0, 3, 'G', 'E', 'T'})))
                .hasMessageContaining("expected a node of this kit");
    }

    private static byte[] bytesOf(Frame frame) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        frame.writeTo(new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    private static DataInputStream input(byte[] bytes) {
        return new DataInputStream(new ByteArrayInputStream(bytes));
    }
}
