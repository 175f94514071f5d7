package dev.sampo.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Has the files of this folder, and the scripts at the top, read by the tools that know their formats. */
@Tag("slow")
class LintersTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    @TempDir
    Path directory = Path.of("");

    @Test
    void scriptsPassShellcheck() throws Exception {
        passes("shellcheck", "../sampo", "../.ci/run", "container/stage", "container/build");
    }

    @Test
    void yamlPassesYamllint() throws Exception {
        passes("yamllint", "--strict", "-c", ".yamllint", "compose", "vm", "kubernetes");
    }

    @Test
    void userDataPassesTheSchemaOfCloudInit() throws Exception {
        passes("cloud-init", "schema", "--config-file", "vm/cloud-init.yaml");
    }

    @Test
    void unitsPassSystemdAndAreHardened() throws Exception {
        for (String name : List.of("sampo-seed.service", "sampo-worker.service")) {
            String unit = Files.readString(Path.of("systemd", name));
            passes("systemd-analyze", "security", "--offline=true", "--threshold=25", "systemd/" + name);
            // the program is not installed here
            Path here = Files.writeString(directory.resolve(name), unit.replace("/opt/sampo/sampo ", "/bin/true "));
            passes("systemd-analyze", "verify", here.toString());
        }
    }

    @Test
    void kustomizeBuildsTheBase() throws Exception {
        passes("kubectl", "kustomize", "kubernetes/base");
    }

    private static void passes(String... command) throws IOException {
        assumeTrue(Command.isInstalled(command[0]), command[0] + " is missing");
        Command.Outcome outcome = Command.of(List.of(command)).run(LIMIT, Map.of());
        assertThat(outcome.code())
                .as(String.join(" ", command) + "\n" + outcome.output())
                .isZero();
    }
}
