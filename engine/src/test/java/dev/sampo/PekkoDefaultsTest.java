package dev.sampo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.pekko.actor.ActorSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The engine's jar holds the defaults of every library in its graph, at paths that shading does not merge. */
class PekkoDefaultsTest {
    private static final String COPIES = "dev/sampo/internal/runtime/pekko/";

    /** Group 1: the short name, as in {@code .../pekko-actor-typed_2.13-1.7.0.jar!/reference.conf}. */
    private static final Pattern JAR = Pattern.compile(".*/(?:pekko-)?([a-z0-9-]+?)(?:-core)?_[0-9.]+-[^/]*\\.jar!/.*");

    private static final ClassLoader LOADER = Objects.requireNonNull(PekkoDefaultsTest.class.getClassLoader());

    /** Every reference.conf of a library on the class path that the engine brings to its users. */
    static List<URL> libraryDefaults() throws IOException {
        return Collections.list(LOADER.getResources("reference.conf")).stream()
                .filter(url -> url.getProtocol().equals("jar"))
                .filter(url -> !url.getPath().contains("testkit"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("libraryDefaults")
    void aCopyOfEachLibrarysDefaultsIsInTheEngine(URL original) throws IOException {
        Matcher jar = JAR.matcher(original.getPath());
        assertThat(jar.matches()).as("short name of %s", original).isTrue();
        URL copy = LOADER.getResource(COPIES + jar.group(1) + "/reference.conf");
        assertThat(copy)
                .as("copy of %s: add the artifact to pekko-defaults in engine/pom.xml", original)
                .isNotNull();
        assertThat(text(copy)).isEqualTo(text(original));
    }

    @Test
    void theVersionIsIncludedFromBesideTheCopy() {
        Config actor = ConfigFactory.parseResources(
                LOADER,
                COPIES + "actor/reference.conf",
                ConfigParseOptions.defaults().setAllowMissing(false));
        assertThat(actor.getString("pekko.version"))
                .isEqualTo(ConfigFactory.parseResources(LOADER, COPIES + "actor/version.conf")
                        .getString("pekko.version"))
                .isEqualTo(ActorSystem.Version());
    }

    private static String text(URL url) throws IOException {
        try (InputStream in = url.openStream()) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    @Test
    void theOriginalsAreFound() throws IOException {
        assertThat(libraryDefaults())
                .extracting(URL::getPath)
                .anyMatch(path -> path.contains("pekko-actor_"))
                .anyMatch(path -> path.contains("pekko-cluster_"))
                .anyMatch(path -> path.contains("pekko-stream_"));
    }
}
