package dev.sampo.internal.execute;

import dev.sampo.internal.model.JobId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which class loaders know the classes of a job. A job that brings jars has a loader of its own, from its first attempt on
 * this node to its end. A submitter in the same JVM names its loaders here before it submits; for other jobs the node's
 * own class path serves. Safe for many threads.
 */
public final class JobClassLoaders {
    private static final Logger LOG = LoggerFactory.getLogger(JobClassLoaders.class);

    private final Map<JobId, List<ClassLoader>> known = new ConcurrentHashMap<>();
    private final Map<JobId, JobClassLoader> own = new ConcurrentHashMap<>();
    private final List<ClassLoader> fallback;

    /** Creates an empty set whose fallback is the loader of the engine and that of the running program. */
    public JobClassLoaders() {
        this.fallback = List.of(JobClassLoaders.class.getClassLoader(), ClassLoader.getSystemClassLoader());
    }

    /** Notes the loaders of a job's functions, in the order they are asked. */
    public void register(JobId job, List<ClassLoader> loaders) {
        known.put(job, List.copyOf(loaders));
    }

    /** Makes the loader of a job that brings jars; does nothing when it has one. */
    void open(JobId job, List<Path> jars) {
        if (!jars.isEmpty()) {
            own.computeIfAbsent(job, id -> new JobClassLoader(id, jars, JobClassLoaders.class.getClassLoader()));
        }
    }

    /** Lets go of the loaders of a job that has ended. Returns whether it had one of its own. */
    boolean forget(JobId job) {
        known.remove(job);
        JobClassLoader loader = own.remove(job);
        if (loader == null) {
            return false;
        }
        try {
            loader.close();
        } catch (IOException e) {
            LOG.warn("{}: its jars could not be closed: {}", job, e.toString());
        }
        return true;
    }

    /** Returns the class of this name, as the job sees it. */
    Class<?> load(JobId job, String name) throws ClassNotFoundException {
        ClassNotFoundException last = new ClassNotFoundException(name);
        for (ClassLoader loader : loadersOf(job)) {
            try {
                return Class.forName(name, false, loader);
            } catch (ClassNotFoundException e) {
                last = e;
            }
        }
        throw last;
    }

    /** Returns the loader that libraries in the job's code find by the thread they run on. */
    ClassLoader first(JobId job) {
        return loadersOf(job).get(0);
    }

    private List<ClassLoader> loadersOf(JobId job) {
        JobClassLoader loader = own.get(job);
        if (loader != null) {
            return List.of(loader);
        }
        List<ClassLoader> all = new ArrayList<>(known.getOrDefault(job, List.of()));
        all.addAll(fallback);
        return all;
    }

    /**
     * Returns whether a class belongs to the job: it came from its jars; where it brings none, from one of its loaders or
     * the program's class path.
     */
    boolean isJobClass(JobId job, Class<?> type) {
        ClassLoader loader = type.getClassLoader();
        return loader != null && loadersOf(job).contains(loader);
    }
}
