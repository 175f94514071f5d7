package dev.sampo.internal.execute;

import dev.sampo.internal.model.JobId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which class loaders know the classes of a job. A submitter in the same JVM names them here before it submits; for
 * other jobs the node's own class path serves. Safe for many threads.
 */
public final class JobClassLoaders {
    private final Map<JobId, List<ClassLoader>> known = new ConcurrentHashMap<>();
    private final List<ClassLoader> fallback;

    /** Creates an empty set whose fallback is the loader of the engine and that of the running program. */
    public JobClassLoaders() {
        this.fallback = List.of(JobClassLoaders.class.getClassLoader(), ClassLoader.getSystemClassLoader());
    }

    /** Notes the loaders of a job's functions, in the order they are asked. */
    public void register(JobId job, List<ClassLoader> loaders) {
        known.put(job, List.copyOf(loaders));
    }

    /** Lets go of the loaders of a job that has ended. */
    public void forget(JobId job) {
        known.remove(job);
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
        List<ClassLoader> all = new ArrayList<>(known.getOrDefault(job, List.of()));
        all.addAll(fallback);
        return all;
    }

    /** Returns whether a class belongs to the job: it came from one of its loaders, or the program's class path. */
    boolean isJobClass(JobId job, Class<?> type) {
        ClassLoader loader = type.getClassLoader();
        return loader != null && loadersOf(job).contains(loader);
    }
}
