package dev.sampo.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateDirectoryTest {
    @TempDir
    Path parent;

    @Test
    void removesWhatAKilledNodeLeftAndNothingElse() throws Exception {
        Path dead = parent.resolve("sampo-1-dead-1");
        Files.createDirectories(dead.resolve("segments"));
        Files.writeString(dead.resolve("lock"), "");
        Files.writeString(dead.resolve("segments/one"), "left");
        Path foreign = Files.createDirectory(parent.resolve("sampo-reports"));
        Path other = Files.createDirectory(parent.resolve("other"));
        try (PrivateDirectory own = PrivateDirectory.in(parent)) {
            assertThat(dead).doesNotExist();
            assertThat(List.of(foreign, other, own.path())).allMatch(Files::isDirectory);
        }
    }

    @Test
    void leavesAloneWhatALivingProcessHolds() throws Exception {
        Path held = Files.createDirectory(parent.resolve("sampo-1-alive-1"));
        Process holder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        LockHolder.class.getName(),
                        held.resolve("lock").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertThat(holder.inputReader().readLine()).isEqualTo("locked");
            PrivateDirectory.in(parent).close();
            assertThat(held).isDirectory();
        } finally {
            holder.destroyForcibly().waitFor();
        }
        PrivateDirectory.in(parent).close();
        assertThat(held).doesNotExist();
    }

    @Test
    void nodesOfOneProcessLiveSideBySide() {
        try (PrivateDirectory first = PrivateDirectory.in(parent);
                PrivateDirectory second = PrivateDirectory.in(parent)) {
            assertThat(first.path()).isDirectory().isNotEqualTo(second.path());
        }
        assertThat(parent).isEmptyDirectory();
    }

    @Test
    void saysWhereNoDirectoryCanBeMade() throws Exception {
        Path file = Files.writeString(parent.resolve("file"), "");
        assertThatThrownBy(() -> PrivateDirectory.in(file.resolve("temp")))
                .isInstanceOfSatisfying(
                        SampoException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SPILL_FAILED))
                .hasMessageContaining("sampo.temp-dir")
                .hasMessageContaining("expected a folder that can be written");
    }
}
