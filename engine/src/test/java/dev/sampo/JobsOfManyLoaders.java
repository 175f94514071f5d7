package dev.sampo;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectStreamClass;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Submits the same job from several class loaders, and succeeds when the engine lets go of all of them. */
final class JobsOfManyLoaders {
    private JobsOfManyLoaders() {}

    public static void main(String[] args) throws Exception {
        List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
        try (Sampo engine = Sampo.local(ConfigFactory.parseMap(Map.of("sampo.temp-dir", args[0])))) {
            for (int i = 0; i < 5; i++) {
                loaders.add(runFromItsOwnLoader(engine));
            }
            WordCountJob.run(engine); // a job of this loader takes the place of the last one
            await().atMost(30, SECONDS).until(() -> {
                System.gc();
                ObjectStreamClass.lookup(String.class); // the JDK lets go of cleared entries when it is next asked
                return loaders.stream().allMatch(loader -> loader.refersTo(null));
            });
        }
    }

    private static WeakReference<ClassLoader> runFromItsOwnLoader(Sampo engine) throws Exception {
        ClassLoader loader = new JobLoader();
        Class<?> job = loader.loadClass(WordCountJob.class.getName());
        if (job == WordCountJob.class) {
            throw new IllegalStateException(job + " has the loader of the engine; expected one of its own");
        }
        Object counts = job.getMethod("run", Sampo.class).invoke(null, engine);
        if (!WordCountJob.EXPECTED.equals(counts)) {
            throw new IllegalStateException("counts: " + counts + "; expected " + WordCountJob.EXPECTED);
        }
        return new WeakReference<>(loader);
    }

    /** Defines the job's class anew, and shares all others. */
    private static final class JobLoader extends ClassLoader {
        JobLoader() {
            super(JobsOfManyLoaders.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.equals(WordCountJob.class.getName())) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : findClass(name);
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
