package dev.sampo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShippedClassesTest {
    @TempDir
    private Path directory = Path.of("");

    @Test
    void classesThatCameWithAJobAreGoneAfterItHoweverItEnded() throws Exception {
        // the serialization of the JDK remembers classes by soft references: this has them cleared at once
        ForkedJvm jvm = ForkedJvm.run(
                Duration.ofMinutes(3),
                List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:SoftRefLRUPolicyMSPerMB=0"),
                JobsFromElsewhere.class,
                Files.createDirectories(directory.resolve("nodes")).toString());
        assertThat(jvm.exitCode()).as(jvm.output()).isZero();
    }
}
