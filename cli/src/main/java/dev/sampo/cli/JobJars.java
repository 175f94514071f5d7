package dev.sampo.cli;

import dev.sampo.api.JobClasses;
import dev.sampo.api.JobSpec;
import dev.sampo.examples.grep.Grep;
import dev.sampo.examples.invertedindex.InvertedIndex;
import dev.sampo.examples.join.Join;
import dev.sampo.examples.sort.TextSort;
import dev.sampo.examples.topn.TopN;
import dev.sampo.examples.wordcount.WordCount;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The jars that travel with a job. The command line has libraries of its own on its class path, which no job needs: only
 * those of the job are sent.
 */
final class JobJars {
    private static final List<Class<?>> EXAMPLES =
            List.of(WordCount.class, Grep.class, TextSort.class, InvertedIndex.class, Join.class, TopN.class);

    private JobJars() {}

    /** Returns one of the jobs that ship, with their jars. */
    static <K, V> JobSpec<K, V> ofExamples(JobSpec<K, V> job) {
        Set<Path> jars = new LinkedHashSet<>();
        for (Class<?> example : EXAMPLES) {
            CodeSource source = example.getProtectionDomain().getCodeSource();
            if (source == null) {
                return job; // from no file: as the settings say
            }
            try {
                jars.add(Path.of(source.getLocation().toURI()));
            } catch (URISyntaxException | IllegalArgumentException e) {
                return job;
            }
        }
        return job.withJars(List.copyOf(jars));
    }

    /** Returns a user's own job with its jar, unless it says itself what it needs. */
    static <K, V> JobSpec<K, V> ofUser(JobSpec<K, V> job, Path jar) {
        return job.classes().mode() == JobClasses.Mode.BY_SETTING ? job.withJars(List.of(jar)) : job;
    }
}
