package dev.sampo.internal.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import com.typesafe.config.ConfigFactory;
import dev.sampo.spi.SampoException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each form of value that a reader takes, and each that it refuses. */
class ConfigReaderTest {
    private enum Mode {
        AT_ONCE,
        LATER
    }

    private final ConfigProblems problems = new ConfigProblems();

    @Test
    void readsEveryForm() {
        ConfigReader reader =
                reader("i=3, b=1.5k, d=1 minute, t=hello, p=a/b, f=0.25, y=yes, e=at-once, auto=auto, off=off");

        assertThat(reader.integer("i", 1, 3)).isEqualTo(3);
        assertThat(reader.bytes("b", 1, 2000)).isEqualTo(1536);
        assertThat(reader.duration("d", Duration.ZERO, Duration.ofHours(1))).isEqualTo(Duration.ofMinutes(1));
        assertThat(reader.string("t")).isEqualTo("hello");
        assertThat(reader.path("p")).isEqualTo(Path.of("a", "b"));
        assertThat(reader.decimal("f", 0, 1)).isEqualTo(0.25);
        assertThat(reader.bool("y")).isTrue();
        assertThat(reader.enumeration("e", Mode.class)).isEqualTo(Mode.AT_ONCE);
        assertThat(reader.integerOrAuto("auto", 1, 2)).isEmpty();
        assertThat(reader.bytesOrAuto("auto", 1, 2)).isEmpty();
        assertThat(reader.pathOrAuto("auto")).isEmpty();
        assertThat(reader.durationOrOff("off", Duration.ZERO, Duration.ZERO)).isEmpty();
        reader.finish();
        assertThatNoException().isThrownBy(problems::throwIfAny);
    }

    @Test
    void refusesWhatDoesNotFit() {
        ConfigReader reader = reader("b=9999999999 TiB, d=-1s, t=\" \", p=\"\", f=much, n=NaN, y=3, e=AT_ONCE");

        reader.bytes("b", 1, 2000);
        reader.duration("d", Duration.ZERO, Duration.ofHours(1));
        reader.string("t");
        reader.path("p");
        reader.decimal("f", 0, 1);
        reader.decimal("n", 0, 1);
        reader.bool("y");
        reader.enumeration("e", Mode.class);
        reader.integer("missing", 5, 6);

        assertThatExceptionOfType(SampoException.class)
                .isThrownBy(problems::throwIfAny)
                .withMessage("""
                        9 problems in the configuration:
                          String:1: root.b: 9999999999 TiB; expected a size from 1 to 2000, such as 64MiB
                          String:1: root.d: -1s; expected a duration with a unit from 0s to 3600s, such as 5s
                          String:1: root.t:  ; expected a text
                          String:1: root.p: ; expected a path
                          String:1: root.f: much; expected a number from 0.0 to 1.0
                          String:1: root.n: NaN; expected a number from 0.0 to 1.0
                          String:1: root.y: 3; expected true or false
                          String:1: root.e: AT_ONCE; expected one of at-once, later
                          String:1: root.missing: missing; expected a whole number from 5 to 6""");
    }

    @Test
    void findsTheKeysThatSomebodyMayHaveMeant() {
        List<String> keys = List.of("slots", "memory", "split-size", "temp-dir");

        assertThat(NearKeys.of("slot", keys)).containsExactly("slots");
        assertThat(NearKeys.of("memroy", keys)).containsExactly("memory");
        assertThat(NearKeys.of("tempdir", keys)).containsExactly("temp-dir");
        assertThat(NearKeys.of("colour", keys)).isEmpty();
    }

    @Test
    void countsInsertionsDeletionsSubstitutionsAndSwaps() {
        assertThat(NearKeys.distance("", "abc")).isEqualTo(3);
        assertThat(NearKeys.distance("kitten", "sitting")).isEqualTo(3);
        assertThat(NearKeys.distance("smaple", "sample")).isEqualTo(1);
        assertThat(NearKeys.distance("same", "same")).isZero();
    }

    private ConfigReader reader(String hocon) {
        return ConfigReader.of(ConfigFactory.parseString("root {" + hocon + "}"), "root", problems);
    }
}
