package dev.sampo.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Has the files of this folder, and the scripts at the top, read by the tools that know their formats. */
@Tag("slow")
class LintersTest {
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

    private void passes(String... command) throws IOException, InterruptedException {
        assumeTrue(isInstalled(command[0]), command[0] + " is missing");
        Path output = directory.resolve("output");
        Process process = new ProcessBuilder(new ArrayList<>(Arrays.asList(command)))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS))
                .as(command[0] + " ends")
                .isTrue();
        assertThat(process.exitValue())
                .as(String.join(" ", command) + "\n" + Files.readString(output))
                .isZero();
    }

    private static boolean isInstalled(String tool) {
        return Arrays.stream(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
    }
}
