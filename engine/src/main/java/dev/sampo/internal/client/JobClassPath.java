package dev.sampo.internal.client;

import dev.sampo.internal.config.ShipSettings.ClassPath;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the jars and directories that a job's classes come from: the class path entries of their loaders, up to the loader
 * of the engine, without those of the engine and the libraries it brings, which every node has.
 */
final class JobClassPath {
    /** What every node has of Sampo itself; examples and other code of ours may be on none. */
    private static final List<String> ENGINE_PACKAGES =
            List.of("dev.sampo.api.", "dev.sampo.spi.", "dev.sampo.io.", "dev.sampo.internal.");

    private static final Logger LOG = LoggerFactory.getLogger(JobClassPath.class);

    private static final String ENGINE = "dev/sampo/Sampo.class";

    /** One class of each library that the engine brings. */
    private static final List<String> LIBRARIES = List.of(
            "org/apache/pekko/actor/ActorSystem.class",
            "org/apache/pekko/actor/typed/ActorSystem.class",
            "org/apache/pekko/cluster/Cluster.class",
            "org/apache/pekko/cluster/typed/Cluster.class",
            "org/apache/pekko/cluster/singleton/ClusterSingletonManager.class",
            "org/apache/pekko/cluster/ddata/Replicator.class",
            "org/apache/pekko/coordination/lease/LeaseSettings.class",
            "org/apache/pekko/event/slf4j/Slf4jLogger.class",
            "org/apache/pekko/protobufv3/internal/Message.class",
            "org/apache/pekko/remote/RemoteActorRef.class",
            "org/apache/pekko/serialization/jackson/JacksonSerializer.class",
            "org/apache/pekko/stream/Materializer.class",
            "org/agrona/DirectBuffer.class",
            "org/lmdbjava/Env.class",
            "org/reactivestreams/Publisher.class",
            "org/jspecify/annotations/Nullable.class",
            "org/slf4j/Logger.class",
            "org/HdrHistogram/Histogram.class",
            "org/LatencyUtils/LatencyStats.class",
            "at/yawk/lz4/LZ4Factory.class",
            "com/fasterxml/jackson/annotation/JsonProperty.class",
            "com/fasterxml/jackson/core/JsonParser.class",
            "com/fasterxml/jackson/databind/ObjectMapper.class",
            "com/fasterxml/jackson/dataformat/cbor/CBORFactory.class",
            "com/fasterxml/jackson/datatype/jdk8/Jdk8Module.class",
            "com/fasterxml/jackson/datatype/jsr310/JavaTimeModule.class",
            "com/fasterxml/jackson/module/paramnames/ParameterNamesModule.class",
            "com/fasterxml/jackson/module/scala/DefaultScalaModule.class",
            "com/github/luben/zstd/Zstd.class",
            "com/thoughtworks/paranamer/Paranamer.class",
            "com/typesafe/config/Config.class",
            "com/typesafe/sslconfig/ssl/SSLConfigSettings.class",
            "io/micrometer/core/instrument/Meter.class",
            "io/micrometer/observation/Observation.class",
            "io/micrometer/common/KeyValue.class",
            "io/netty/buffer/ByteBuf.class",
            "io/netty/channel/Channel.class",
            "io/netty/handler/codec/ByteToMessageDecoder.class",
            "io/netty/handler/ssl/SslContext.class",
            "io/netty/resolver/NameResolver.class",
            "io/netty/util/Timer.class",
            "net/jpountz/lz4/LZ4Factory.class",
            "scala/Option.class",
            "scala/compat/java8/FutureConverters.class",
            "scala/util/parsing/combinator/Parsers.class");

    private final ClassLoader engine;

    JobClassPath(ClassLoader engine) {
        this.engine = engine;
    }

    /**
     * Returns the jars and directories to send, in the order they are searched.
     *
     * @param classes the classes of the job's functions and of what they hold
     * @throws SampoException {@link ErrorCode#JOB_CLASS} when an entry is neither a jar nor a directory
     */
    List<Path> of(Collection<Class<?>> classes, ClassPath mode) {
        List<Class<?>> own = classes.stream().filter(JobClassPath::isOfJob).toList();
        if (mode == ClassPath.NONE || own.isEmpty()) {
            return List.of();
        }
        Set<Path> entries = new LinkedHashSet<>();
        Set<ClassLoader> seen = new LinkedHashSet<>();
        for (Class<?> type : own) {
            for (ClassLoader loader = type.getClassLoader();
                    loader != null && (loader != engine || loader == type.getClassLoader()) && isOfProgram(loader);
                    loader = loader.getParent()) {
                if (seen.add(loader)) {
                    addEntries(loader, own, entries);
                }
            }
        }
        Set<Path> ofEngine = new LinkedHashSet<>();
        add(ENGINE, ofEngine);
        if (mode == ClassPath.AUTO) {
            LIBRARIES.forEach(library -> add(library, ofEngine));
        }
        own.forEach(type -> ofEngine.remove(sourceOf(type))); // a jar that holds both is the job's
        entries.removeAll(ofEngine);
        return List.copyOf(entries);
    }

    private static boolean isOfJob(Class<?> type) {
        ClassLoader loader = type.getClassLoader();
        return loader != null
                && isOfProgram(loader)
                && ENGINE_PACKAGES.stream().noneMatch(type.getName()::startsWith)
                && !type.getName().equals("dev.sampo.Sampo");
    }

    private static boolean isOfProgram(ClassLoader loader) {
        return loader != ClassLoader.getPlatformClassLoader();
    }

    private static void addEntries(ClassLoader loader, List<Class<?>> own, Set<Path> entries) {
        if (loader instanceof URLClassLoader known) {
            for (URL url : known.getURLs()) {
                add(pathOf(url, loader), entries);
            }
        } else if (loader == ClassLoader.getSystemClassLoader()) {
            Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                    .filter(entry -> !entry.isEmpty())
                    .forEach(entry -> add(Path.of(entry).toAbsolutePath().normalize(), entries));
        } else {
            for (Class<?> type : own) {
                Path source = type.getClassLoader() == loader ? sourceOf(type) : null;
                if (source != null) {
                    add(source, entries);
                }
            }
        }
    }

    /** Adds an entry of a class path, and those that its manifest adds. */
    private static void add(Path entry, Set<Path> entries) {
        if (!Files.exists(entry) || entries.contains(entry)) {
            return;
        }
        List<Path> more = List.of();
        boolean holdsClasses = true;
        if (Files.isRegularFile(entry)) {
            try (JarFile jar = new JarFile(entry.toFile())) {
                Manifest manifest = jar.getManifest();
                String added =
                        manifest == null ? null : manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
                more = added == null ? List.of() : resolved(entry, added);
                holdsClasses = added == null
                        || jar.stream().anyMatch(each -> each.getName().endsWith(".class"));
            } catch (IOException e) {
                return; // no jar: the JVM passes over it too
            }
        }
        if (holdsClasses) {
            entries.add(entry);
        }
        more.forEach(each -> add(each, entries));
    }

    private static List<Path> resolved(Path jar, String classPath) {
        List<Path> paths = new ArrayList<>();
        for (String each : classPath.strip().split("\\s+")) {
            try {
                paths.add(Path.of(jar.toUri().resolve(each)));
            } catch (IllegalArgumentException | FileSystemNotFoundException e) {
                LOG.debug("class path entry {} of {} is passed over, as the JVM does", each, jar);
            }
        }
        return paths;
    }

    private static Path pathOf(URL url, ClassLoader loader) {
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException e) {
            throw new SampoException(
                    ErrorCode.JOB_CLASS,
                    "class path entry " + url + " of " + loader + " cannot be sent to the nodes; expected a jar file or"
                            + " a directory: name the job's jars by withJars, or set sampo.ship.classpath = none where"
                            + " every node has its classes",
                    e);
        }
    }

    private static @Nullable Path sourceOf(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        return source == null || source.getLocation() == null
                ? null
                : pathOf(source.getLocation(), type.getClassLoader());
    }

    /** Adds the entry in which the engine finds a resource. */
    private void add(String resource, Set<Path> entries) {
        URL url = engine.getResource(resource);
        if (url == null) {
            return;
        }
        String text = url.toString();
        try {
            if (text.startsWith("jar:file:") && text.endsWith("!/" + resource)) {
                entries.add(
                        Path.of(URI.create(text.substring("jar:".length(), text.length() - resource.length() - 2))));
            } else if (text.startsWith("file:")) {
                entries.add(Path.of(new URL(text.substring(0, text.length() - resource.length())).toURI()));
            }
        } catch (URISyntaxException | MalformedURLException | IllegalArgumentException e) {
            return; // an entry that cannot be named is not among those that are sent either
        }
    }
}
