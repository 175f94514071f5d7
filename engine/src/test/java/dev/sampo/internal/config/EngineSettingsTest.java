package dev.sampo.internal.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people write in a configuration, and what they are told when it is wrong. */
class EngineSettingsTest {
    private static final Machine MACHINE = new Machine(4, 1L << 30);

    @TempDir
    private Path folder;

    @Test
    void overridesLieOverTheDefaults() {
        EngineSettings settings = settings("""
                sampo {
                  slots = 2, memory = 64m, temp-dir = "/data/sampo"
                  input.max-record-size = 10MiB
                  shuffle.block-size = 131072
                  task.time-limit = 2 minutes
                }
                """);

        assertThat(settings.node().slots()).isEqualTo(2);
        assertThat(settings.node().memoryBytesPerSlot()).isEqualTo(32 << 20);
        assertThat(settings.node().tempDirectory()).contains(Path.of("/data/sampo"));
        assertThat(settings.input().maxRecordBytes()).isEqualTo(10 << 20);
        assertThat(settings.input().splitBytes()).isEqualTo(32 << 20);
        assertThat(settings.shuffle().blockBytes()).isEqualTo(128 << 10);
        assertThat(settings.task().timeLimit()).contains(Duration.ofMinutes(2));
    }

    @Test
    void programmaticOverridesAreTakenToo() {
        Config overrides =
                ConfigFactory.parseMap(Map.of("sampo.slots", 3, "sampo.shuffle.compress", false), "the program");

        EngineSettings settings = EngineSettings.from(EngineConfig.load(overrides), MACHINE);

        assertThat(settings.node().slots()).isEqualTo(3);
        assertThat(settings.shuffle().compress()).isFalse();
    }

    @Test
    void saysAllProblemsAtOnceWithTheirFileAndLine() throws IOException {
        Path file = Files.writeString(folder.resolve("my.conf"), """
                sampo {
                  slots = none
                  memory = 64 parsecs
                  input.split-size = 0
                  shuffle {
                    merge-fan-in = 1
                    compres = false
                  }
                  task {
                    time-limit = 30
                    interrupt-grace = 5 years
                  }
                  smaple.splits = 3
                  sample = 7
                  colour = green
                }
                """);

        assertThatExceptionOfType(SampoException.class)
                .isThrownBy(
                        () -> EngineSettings.from(EngineConfig.load(ConfigFactory.parseFile(file.toFile())), MACHINE))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIG_INVALID))
                .withMessage("""
                        10 problems in the configuration:
                          FILE:2: sampo.slots: none; expected a whole number from 1 to 1024, or auto
                          FILE:3: sampo.memory: 64 parsecs; expected a size from 1MiB to 16TiB, such as 64MiB, or auto
                          FILE:4: sampo.input.split-size: 0; expected a size from 1 to 1TiB, such as 64MiB
                          FILE:6: sampo.shuffle.merge-fan-in: 1; expected a whole number from 2 to 4096
                          FILE:7: sampo.shuffle.compres: unknown key; did you mean sampo.shuffle.compress?
                          FILE:10: sampo.task.time-limit: 30; expected a duration with a unit from 1ms to 30d, \
                        such as 5s, or off
                          FILE:11: sampo.task.interrupt-grace: 5 years; expected a duration with a unit from 1ms \
                        to 3600s, such as 5s
                          FILE:13: sampo.smaple: unknown key; did you mean sampo.sample?
                          FILE:14: sampo.sample: 7; expected a section { ... }
                          FILE:15: sampo.colour: unknown key""".replace("FILE", file.toString()));
    }

    @Test
    void saysWhereAProgrammaticValueComesFrom() {
        Config overrides = ConfigFactory.parseMap(Map.of("sampo.slots", 0), "the program");

        assertThatExceptionOfType(SampoException.class)
                .isThrownBy(() -> EngineSettings.from(EngineConfig.load(overrides), MACHINE))
                .withMessage("""
                        1 problem in the configuration:
                          the program: sampo.slots: 0; expected a whole number from 1 to 1024, or auto""");
    }

    @Test
    void refusesNullsListsAndFractions() {
        assertThatExceptionOfType(SampoException.class)
                .isThrownBy(() -> settings("sampo { slots = 1.5, memory = [1], task.max-attempts = null }"))
                .withMessageContaining("sampo.slots: 1.5; expected a whole number")
                .withMessageContaining("sampo.memory: a list; expected a size")
                .withMessageContaining("sampo.task.max-attempts: null; expected a whole number from 1 to 1000");
    }

    @Test
    void refusesASubstitutionThatOnlyTheHostCouldResolve() {
        assertThatExceptionOfType(SampoException.class)
                .isThrownBy(() -> settings("sampo.temp-dir = ${java.io.tmpdir}"))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIG_INVALID))
                .withMessageContaining("java.io.tmpdir");
    }

    @Test
    void aSmallHeapGivesFewSlotsWithEnoughMemoryEach() {
        Config defaults = EngineConfig.load(ConfigFactory.empty());
        NodeSettings small =
                EngineSettings.from(defaults, new Machine(64, 48L << 20)).node();
        assertThat(small.memoryBytes()).isEqualTo(16 << 20);
        assertThat(small.slots()).isEqualTo(8);
        NodeSettings tiny =
                EngineSettings.from(defaults, new Machine(64, 8L << 20)).node();
        assertThat(tiny.memoryBytes()).isEqualTo(1 << 20);
        assertThat(tiny.slots()).isEqualTo(1);
        NodeSettings large =
                EngineSettings.from(defaults, new Machine(64, 4L << 30)).node();
        assertThat(large.slots()).isEqualTo(64);
    }

    @Test
    void memoryBeyondItsShareOfTheHeapIsReducedWithAWarning() {
        EngineSettings settings = settings("sampo.memory = 1g");

        assertThat(settings.node().memoryBytes()).isEqualTo(644_245_094);
        assertThat(settings.warnings())
                .containsExactly("sampo.memory: 1GiB is more than 60 % of the maximum heap of 1073741824 bytes;"
                        + " reduced to 644245094 bytes");
    }

    @Test
    void theLargestRecordIsAQuarterOfASlotsMemoryAndAtMostOneGibibyte() {
        assertThat(settings("sampo { slots = 2, memory = 64MiB }").input().maxRecordBytes())
                .isEqualTo(8 << 20);
        EngineSettings large = EngineSettings.from(EngineConfig.load(ConfigFactory.empty()), new Machine(1, 64L << 30));
        assertThat(large.input().maxRecordBytes()).isEqualTo(1 << 30);
    }

    @Test
    void keysOutsideOfSampoAreLeftAlone() {
        assertThat(settings("other.key = 1").node().slots()).isEqualTo(4);
    }

    private static EngineSettings settings(String hocon) {
        return EngineSettings.from(EngineConfig.load(ConfigFactory.parseString(hocon)), MACHINE);
    }
}
