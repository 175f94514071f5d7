package dev.sampo.internal.output;

import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.PartFile;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The content of {@code _SUCCESS}: which parts are the whole result, and how they came about. JSON; its form is in
 * docs/design/002-manifest-json.md.
 *
 * @param format the version of the form; readers of one version ignore fields they do not know
 * @param job which job it was
 * @param engine what wrote it
 * @param started when the job was accepted, ISO 8601 in UTC
 * @param ended when its commit began, ISO 8601 in UTC
 * @param parts the parts in the order of their names
 * @param counters what the job counted
 */
public record Manifest(
        int format, Job job, Engine engine, String started, String ended, List<Part> parts, Counted counters) {
    /** The version of the form that this engine writes. */
    public static final int FORMAT = 1;

    private static final String ENGINE_NAME = "sampo";

    /** Copies the parts. */
    public Manifest {
        parts = List.copyOf(parts);
    }

    /**
     * Which job it was.
     *
     * @param id its id in its cluster
     * @param name what people call it
     */
    public record Job(String id, String name) {}

    /**
     * What wrote the manifest.
     *
     * @param name always {@code sampo}
     * @param version the version of the engine
     */
    public record Engine(String name, String version) {}

    /**
     * One part of the result.
     *
     * @param name the file's name in the directory of the manifest
     * @param records the records in it
     * @param bytes its size
     * @param digest {@code sha256:} and the SHA-256 of its bytes in hexadecimal
     */
    public record Part(String name, long records, long bytes, String digest) {
        static Part of(PartFile file, OutputLayout layout) {
            return new Part(layout.partName(file), file.records(), file.bytes(), file.digest());
        }
    }

    /**
     * What the job counted.
     *
     * @param stages by stage, in order
     * @param user by the job's functions
     */
    public record Counted(List<ManifestStage> stages, SortedMap<String, Long> user) {
        /** Copies the components. */
        public Counted {
            stages = List.copyOf(stages);
            user = Collections.unmodifiableSortedMap(new TreeMap<>(user));
        }
    }

    static Manifest of(JobId job, List<PartFile> parts, ManifestFacts facts, OutputLayout layout) {
        return new Manifest(
                FORMAT,
                new Job(job.value(), facts.jobName()),
                new Engine(ENGINE_NAME, facts.engineVersion()),
                facts.started(),
                facts.ended(),
                parts.stream().map(part -> Part.of(part, layout)).toList(),
                new Counted(facts.stages(), new TreeMap<>(facts.userCounters())));
    }

    /**
     * Reads a manifest.
     *
     * @param successFile the path of a {@code _SUCCESS} file
     * @throws SampoException {@link ErrorCode#INPUT_NOT_FOUND} when there is none, {@link ErrorCode#INPUT_CORRUPT} when it
     *     is not a manifest, or one of a later format
     */
    public static Manifest read(Path successFile) {
        try {
            Manifest manifest = JsonFile.read(successFile, Manifest.class);
            if (manifest.format() != FORMAT) {
                throw new SampoException(
                        ErrorCode.INPUT_CORRUPT,
                        "Manifest " + successFile + ": format " + manifest.format() + "; expected " + FORMAT);
            }
            return manifest;
        } catch (NoSuchFileException e) {
            throw new SampoException(
                    ErrorCode.INPUT_NOT_FOUND, "Manifest " + successFile + ": does not exist; expected a file", e);
        } catch (IOException e) {
            throw new SampoException(
                    ErrorCode.INPUT_CORRUPT,
                    "Manifest " + successFile + ": " + e.getMessage() + "; expected a manifest in JSON",
                    e);
        }
    }
}
