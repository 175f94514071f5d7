package dev.sampo.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every key of an overlay is one that somebody reads, and says what it is for. */
class OverlaysTest {
    private static final String CLUSTER = "dev/sampo/internal/runtime/cluster.conf";

    @ParameterizedTest
    @ValueSource(strings = {"seed.conf", "worker.conf", "local.conf", "container.conf", "vm.conf", CLUSTER})
    void everyKeyExistsInTheReferenceOfItsOwner(String overlay) {
        Config defaults = parse("dev/sampo/reference.conf").withFallback(ConfigFactory.defaultReferenceUnresolved());
        Set<String> unknown = new TreeSet<>();
        for (Map.Entry<String, ConfigValue> entry : parse(overlay).entrySet()) {
            if (!isKnown(entry.getKey(), defaults)) {
                unknown.add(entry.getKey());
            }
        }
        assertThat(unknown).as("keys of " + overlay + " that nobody reads").isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"seed.conf", "worker.conf", "local.conf", "container.conf", "vm.conf"})
    void everyKeyOrGroupOfKeysIsPrecededByAComment(String overlay) throws IOException {
        List<String> lines = lines(overlay);
        boolean explained = false;
        for (String line : lines) {
            if (line.isBlank()) {
                explained = false;
            } else if (line.startsWith("#")) {
                explained = true;
            } else {
                assertThat(explained)
                        .as("comment above: " + line + " (" + overlay + ")")
                        .isTrue();
            }
        }
    }

    @Test
    void onlyNodeProgramsMayEndTheJvm() {
        Config member = parse(CLUSTER);
        assertThat(member.getBoolean("pekko.jvm-exit-on-fatal-error")).isFalse();
        assertThat(member.getBoolean("pekko.coordinated-shutdown.run-by-jvm-shutdown-hook"))
                .isFalse();
        for (String program : List.of("seed.conf", "worker.conf")) {
            assertThat(parse(program).getBoolean("pekko.jvm-exit-on-fatal-error"))
                    .isTrue();
        }
    }

    /** A binding of a class, or a phase's setting, is a key that the owner cannot list. */
    private static boolean isKnown(String path, Config defaults) {
        return defaults.hasPathOrNull(path)
                || path.startsWith("pekko.actor.serialization-bindings.")
                || path.startsWith("pekko.cluster.configuration-compatibility-check.checkers.")
                || (path.startsWith("pekko.coordinated-shutdown.phases.") && path.endsWith(".timeout"));
    }

    private static Config parse(String resource) {
        return ConfigFactory.parseResources(
                OverlaysTest.class.getClassLoader(),
                resource,
                ConfigParseOptions.defaults().setAllowMissing(false));
    }

    private static List<String> lines(String resource) throws IOException {
        try (InputStream in = OverlaysTest.class.getClassLoader().getResourceAsStream(resource)) {
            assertThat(in).as(resource).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }
}
