package dev.sampo.internal.runtime;

import com.typesafe.config.Config;
import dev.sampo.internal.config.ClusterSettings;
import dev.sampo.internal.config.ClusterSettings.Discovery;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Locale;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/**
 * How one node finds its seeds, and the class loader of what it needs for that. A {@link SeedFinder} is on the class path,
 * or its jars lie in a folder beside the engine's: off the class path of all nodes that need none, because its libraries
 * are of another version than Pekko's own (docs/design/005).
 *
 * @param finder what the node brings; empty for what the engine itself knows
 * @param loader the parent of the class loader of each actor system
 */
record FoundFinder(Optional<SeedFinder> finder, ClassLoader loader) {
    private static final ClassLoader ENGINE = FoundFinder.class.getClassLoader();

    /** For an engine that is no member of a cluster. */
    static final FoundFinder NONE = new FoundFinder(Optional.empty(), ENGINE);

    /**
     * Returns the finder for the settings of a node.
     *
     * @throws SampoException {@link ErrorCode#CONFIG_INVALID} when the node knows no such way
     */
    static FoundFinder of(ClusterSettings settings) {
        Discovery discovery = settings.discovery();
        if (discovery == Discovery.LIST || discovery == Discovery.DNS) {
            return NONE;
        }
        String name = discovery.name().toLowerCase(Locale.ROOT);
        Optional<SeedFinder> onClassPath = in(ENGINE, discovery);
        if (onClassPath.isPresent()) {
            return new FoundFinder(onClassPath, ENGINE);
        }
        URL[] jars = besideTheEngine(name);
        if (jars.length > 0) {
            ClassLoader loader = new URLClassLoader("sampo-" + name, jars, ENGINE); // for the life of the node
            Optional<SeedFinder> beside = in(loader, discovery);
            if (beside.isPresent()) {
                return new FoundFinder(beside, loader);
            }
        }
        throw new SampoException(
                ErrorCode.CONFIG_INVALID,
                "sampo.cluster.discovery: " + name + " is known to the programs of seeds and workers as they are"
                        + " distributed, and this one has no part for it; expected list or dns");
    }

    /**
     * Returns a node's own configuration with what the finder needs.
     *
     * @throws SampoException {@link ErrorCode#CONFIG_INVALID} when the finder finds nothing here
     */
    Config complete(ClusterSettings settings, Config own, boolean seed) {
        if (finder.isEmpty()) {
            return own;
        }
        SeedFinder part = finder.get();
        Config complete = part.required(seed).withFallback(own).withFallback(part.defaults(settings));
        part.check(complete);
        return complete;
    }

    private static Optional<SeedFinder> in(ClassLoader loader, Discovery discovery) {
        return ServiceLoader.load(SeedFinder.class, loader).stream()
                .map(ServiceLoader.Provider::get)
                .filter(finder -> finder.discovery() == discovery)
                .findFirst();
    }

    private static URL[] besideTheEngine(String folder) {
        CodeSource engine = FoundFinder.class.getProtectionDomain().getCodeSource();
        if (engine == null) {
            return new URL[0];
        }
        try {
            Path jars = Path.of(engine.getLocation().toURI()).resolveSibling(folder);
            if (!Files.isDirectory(jars)) {
                return new URL[0];
            }
            try (Stream<Path> files = Files.list(jars)) {
                return files.sorted().map(FoundFinder::url).toArray(URL[]::new);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the jars for discovery by " + folder + " cannot be read", e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the engine is at " + engine.getLocation() + "; expected a file", e);
        }
    }

    private static URL url(Path file) {
        try {
            return file.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException(file + " has no URL", e);
        }
    }
}
