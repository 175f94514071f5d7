package dev.sampo.internal.execute;

import dev.sampo.internal.model.JobId;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The classes of one job, from its jars. The job comes first, so that its own version of a library wins over the node's;
 * but the JDK, the API of Sampo, which both sides must share, and slf4j, which leads to the log of the node, are the
 * node's. What the job does not bring is looked for on the node. Safe for many threads.
 */
final class JobClassLoader extends URLClassLoader {
    static {
        registerAsParallelCapable();
    }

    private static final List<String> OF_THE_NODE = List.of("dev.sampo.", "org.slf4j.");

    private final ClassLoader node;

    JobClassLoader(JobId job, List<Path> jars, ClassLoader node) {
        super("job-" + job, jars.stream().map(JobClassLoader::url).toArray(URL[]::new), node);
        this.node = node;
    }

    private static URL url(Path jar) {
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException("jar " + jar + "; expected a file", e);
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> type = findLoadedClass(name);
            if (type == null) {
                type = find(name);
            }
            if (resolve) {
                resolveClass(type);
            }
            return type;
        }
    }

    private Class<?> find(String name) throws ClassNotFoundException {
        if (OF_THE_NODE.stream().anyMatch(name::startsWith)) {
            try {
                return node.loadClass(name);
            } catch (ClassNotFoundException e) {
                return findClass(name); // an example of ours that the node does not have
            }
        }
        Class<?> ofJdk = ofJdk(name);
        if (ofJdk != null) {
            return ofJdk;
        }
        try {
            return findClass(name);
        } catch (ClassNotFoundException e) {
            return node.loadClass(name);
        }
    }

    private static @Nullable Class<?> ofJdk(String name) {
        try {
            return getPlatformClassLoader().loadClass(name);
        } catch (ClassNotFoundException e) {
            return null;
        }
    }

    @Override
    public @Nullable URL getResource(String name) {
        URL own = findResource(name);
        return own != null ? own : node.getResource(name);
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        List<URL> all = new ArrayList<>(Collections.list(findResources(name)));
        all.addAll(Collections.list(node.getResources(name)));
        return Collections.enumeration(all);
    }
}
