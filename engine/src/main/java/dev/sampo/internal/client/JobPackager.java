package dev.sampo.internal.client;

import dev.sampo.api.FixedWidthCombiner;
import dev.sampo.api.JobSpec;
import dev.sampo.internal.config.EngineSettings;
import dev.sampo.internal.model.JobDefinition;
import dev.sampo.internal.model.JobOutline;
import dev.sampo.spi.CodecRegistry;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.OutputSink;
import dev.sampo.spi.SampoException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes of a job what travels: its outline for the control side, its functions as bytes for the nodes. What can be found
 * wrong with a job before it runs is found here.
 *
 * @param outline facts
 * @param definition functions
 * @param loaders the class loaders of its functions, in the order they were met
 */
public record JobPackager(JobOutline outline, JobDefinition definition, List<ClassLoader> loaders) {
    /**
     * Packs a job.
     *
     * @param spec the job
     * @param sink where its results go
     * @param settings what holds where the job chooses nothing
     * @param codecs finds the codecs of the job's classes
     * @throws SampoException when a type has no codec or a function cannot be serialized
     */
    public static JobPackager pack(
            JobSpec<?, ?> spec, OutputSink<?, ?> sink, EngineSettings settings, CodecRegistry codecs) {
        spec.stages().forEach(stage -> check(spec, stage, codecs));
        Duration limit = spec.options().attemptTimeLimit() != null
                ? spec.options().attemptTimeLimit()
                : settings.task().timeLimit().orElse(Duration.ZERO);
        Integer maxAttempts = spec.options().maxAttempts();
        Long splitBytes = spec.options().splitBytes();
        String queue = spec.options().queue();
        JobOutline outline = new JobOutline(
                spec.name(),
                spec.stages().get(0).partitioning() == JobSpec.Partitioning.RANGE,
                spec.stages().stream().map(JobSpec.Stage::partitions).toList(),
                maxAttempts != null ? maxAttempts : settings.task().maxAttempts(),
                limit.isZero() ? 0 : Math.max(1, limit.toMillis()),
                sink.directory().toString(),
                queue != null ? queue : JobOutline.DEFAULT_QUEUE,
                spec.options().priority());
        JobDefinition definition = new JobDefinition(
                spec.inputs().stream()
                        .map(input -> serialize(input, "an input of job " + spec.name()))
                        .toList(),
                spec.stages().stream()
                        .map(stage -> serialize(stage, "a stage of job " + spec.name()))
                        .toList(),
                serialize(sink, "the output of job " + spec.name()),
                splitBytes != null ? splitBytes : settings.input().splitBytes(),
                List.of());
        return new JobPackager(outline, definition, loadersOf(spec, sink));
    }

    private static <K, V, K2, V2> void check(
            JobSpec<?, ?> job, JobSpec.Stage<K, V, K2, V2> stage, CodecRegistry codecs) {
        stage.keyType().keyCodec(codecs);
        int width = stage.valueType().valueCodec(codecs).fixedWidth();
        if (stage.combiner() instanceof FixedWidthCombiner<V> fold && fold.width() != width) {
            throw new SampoException(
                    ErrorCode.JOB_INVALID,
                    "job " + job.name() + ": combiner " + fold + " folds values of " + fold.width()
                            + " bytes, the codec of " + stage.valueType() + " writes "
                            + (width < 0 ? "a varying number" : width) + "; expected the same width");
        }
        if (stage.valueOrder() != null) {
            stage.valueOrder().type().keyCodec(codecs);
        }
    }

    private static byte[] serialize(Serializable part, String what) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(part);
        } catch (NotSerializableException e) {
            throw new SampoException(
                    ErrorCode.JOB_NOT_SERIALIZABLE,
                    what + " holds an object of class " + e.getMessage()
                            + ", which is not Serializable; expected functions, and all they capture, to be",
                    e);
        } catch (IOException | RuntimeException e) {
            throw new SampoException(
                    ErrorCode.JOB_NOT_SERIALIZABLE, what + " cannot be serialized: " + e.getMessage(), e);
        }
        return bytes.toByteArray();
    }

    private static List<ClassLoader> loadersOf(JobSpec<?, ?> spec, OutputSink<?, ?> sink) {
        Set<ClassLoader> loaders = new LinkedHashSet<>();
        List<@Nullable Object> parts = new ArrayList<>();
        spec.inputs().forEach(input -> {
            parts.add(input.mapper());
            parts.add(input.source());
        });
        spec.stages().forEach(stage -> {
            parts.add(stage.reducer());
            parts.add(stage.combiner());
            parts.add(stage.partitioner());
            parts.add(stage.next());
            parts.add(stage.valueOrder() == null ? null : stage.valueOrder().extractor());
        });
        parts.add(sink);
        for (Object part : parts) {
            ClassLoader loader = part == null ? null : part.getClass().getClassLoader();
            if (loader != null) {
                loaders.add(loader);
            }
        }
        ClassLoader ofThread = Thread.currentThread().getContextClassLoader();
        if (ofThread != null) {
            loaders.add(ofThread);
        }
        return loaders.stream().filter(Objects::nonNull).toList();
    }
}
