package dev.sampo.internal.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValue;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The reference.conf and the records of settings name the same keys, and every key says who would change it. */
class SettingsContractTest {
    private static final Machine MACHINE = new Machine(8, 4L << 30);

    private final Config reference = EngineConfig.reference();

    @Test
    void everyKeyOfTheReferenceIsReadAndEveryKeyReadIsInTheReference() {
        ConfigProblems problems = new ConfigProblems();
        ConfigReader reader = ConfigReader.of(reference, EngineSettings.ROOT, problems);
        EngineSettings.from(reader, MACHINE);
        reader.finish();

        problems.throwIfAny();
        Set<String> documented =
                reference.entrySet().stream().map(Map.Entry::getKey).collect(Collectors.toCollection(TreeSet::new));
        assertThat(new TreeSet<>(reader.pathsRead())).isEqualTo(documented);
    }

    @Test
    void everyKeyHasACommentDirectlyAboveIt() {
        for (Map.Entry<String, ConfigValue> entry : reference.entrySet()) {
            String comment = String.join(" ", entry.getValue().origin().comments());
            assertThat(comment).as(entry.getKey()).hasSizeGreaterThan(60).contains(".");
        }
    }

    @Test
    void defaultsAreValidAndAsDocumented() {
        EngineSettings settings = EngineSettings.from(EngineConfig.load(ConfigFactory.empty()), MACHINE);

        int memory = 2040 << 20; // half of 4 GiB less 16 MiB
        assertThat(settings.node())
                .isEqualTo(new NodeSettings(8, memory, Optional.empty(), Optional.empty(), 8, Map.of()));
        assertThat(settings.input()).isEqualTo(new InputSettings(32 << 20, memory / 8 / 4));
        assertThat(settings.shuffle()).isEqualTo(new ShuffleSettings(64 << 20, 512, 64, 64 << 10, true));
        assertThat(settings.sample()).isEqualTo(new SampleSettings(32, 10_000, 4 << 20));
        assertThat(settings.task())
                .isEqualTo(new TaskSettings(
                        4,
                        Optional.empty(),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(15),
                        Duration.ofSeconds(3),
                        true));
        assertThat(settings.progressInterval()).isEqualTo(Duration.ofMillis(200));
        assertThat(settings.warnings()).isEmpty();
    }

    @Test
    void defaultsAreValidOnTheMachineOfThisTest() {
        EngineSettings settings = EngineSettings.from(EngineConfig.load(ConfigFactory.empty()));

        assertThat(settings.node().slots()).isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(settings.node().memoryBytesPerSlot()).isPositive();
    }

    @Test
    void theReferenceOfTheHostNamesTheSameKeys() {
        Config included = ConfigFactory.parseResources(EngineConfig.class.getClassLoader(), "reference.conf");

        assertThat(included.root().get("sampo")).isEqualTo(reference.root().get("sampo"));
    }
}
