package dev.sampo.internal.output;

import dev.sampo.internal.config.OutputSettings;
import dev.sampo.internal.fault.FaultPoints;
import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.PartFile;
import dev.sampo.internal.model.TaskId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A job of three partitions that writes to a directory, and a look at what is in the directory. */
final class OutputFixture {
    static final JobId JOB = new JobId("job-1");
    static final JobId OTHER = new JobId("job-2");
    static final int PARTS = 3;
    static final OutputSettings RENAMING = new OutputSettings(Set.of());

    private OutputFixture() {}

    static OutputCommitter committer(Path directory) {
        return new OutputCommitter(directory.toUri(), RENAMING, FaultPoints.NONE);
    }

    static AttemptId attempt(JobId job, int task, int number) {
        return new AttemptId(new TaskId(job, 2, task), number);
    }

    /** Writes one part per partition; the last has an extension. */
    static List<PartFile> writeParts(OutputCommitter committer, JobId job, String text) throws IOException {
        List<PartFile> parts = new ArrayList<>();
        for (int partition = 0; partition < PARTS; partition++) {
            parts.add(writePart(committer, attempt(job, partition, 0), partition, text + partition));
        }
        return parts;
    }

    static PartFile writePart(OutputCommitter committer, AttemptId attempt, int partition, String text)
            throws IOException {
        try (AttemptOutput output = committer.open(attempt, partition, "")) {
            output.stream().write(text.getBytes(StandardCharsets.UTF_8));
            return output.finish(1);
        }
    }

    static ManifestFacts facts() {
        ManifestStage stage = new ManifestStage("map", 1, 2, 1, 3, 30, 4, 40, 5, 6, 60, 7, 1, 0, 0, 0, 0);
        return new ManifestFacts(
                "word count",
                "0.1",
                "2026-01-01T00:00:00Z",
                "2026-01-01T00:01:00Z",
                List.of(stage),
                Map.of("words", 4L, "lines", 2L));
    }

    /** Returns the files below a directory with their content, by relative name; that of a manifest is left out. */
    static SortedMap<String, String> contentOf(Path directory) throws IOException {
        SortedMap<String, String> content = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = directory.relativize(file).toString();
                content.put(name, name.equals("_SUCCESS") ? "" : Files.readString(file));
            }
        }
        return content;
    }
}
