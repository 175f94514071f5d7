package dev.sampo.internal.client;

import dev.sampo.api.FixedWidthCombiner;
import dev.sampo.api.JobClasses;
import dev.sampo.api.JobSpec;
import dev.sampo.internal.blob.DefinitionBlob;
import dev.sampo.internal.config.EngineSettings;
import dev.sampo.internal.config.ShipSettings;
import dev.sampo.internal.model.BlobRef;
import dev.sampo.internal.model.BlobRef.BlobKind;
import dev.sampo.internal.model.HeldResult;
import dev.sampo.internal.model.JobDefinition;
import dev.sampo.internal.model.JobOutline;
import dev.sampo.spi.CodecRegistry;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.OutputSink;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes of a job what travels: its outline for the control side, its functions as bytes for the nodes. What can be found
 * wrong with a job before it runs is found here.
 *
 * @param outline facts
 * @param definition functions
 * @param loaders the class loaders of its functions, in the order they were met
 * @param shipment the blobs of its definition; to be closed when the job is over
 */
public record JobPackager(JobOutline outline, JobDefinition definition, List<ClassLoader> loaders, Shipment shipment) {
    private static final Logger LOG = LoggerFactory.getLogger(JobPackager.class);

    /** A message holds up to 4 MiB; larger functions would also be sent again to every node. */
    private static final int MOST_INLINE_BYTES = 256 << 10;

    /**
     * Packs a job for an engine in this JVM: its classes and files are there, broadcast values are in the shipment.
     *
     * @param spec the job
     * @param sink where its results go
     * @param settings what holds where the job chooses nothing
     * @param codecs finds the codecs of the job's classes
     * @throws SampoException when a type has no codec or a function cannot be serialized
     */
    public static JobPackager pack(
            JobSpec<?, ?> spec, OutputSink<?, ?> sink, EngineSettings settings, CodecRegistry codecs) {
        return pack(spec, sink, settings, codecs, false);
    }

    /**
     * Packs a job for nodes that have neither its classes nor its submitter's files.
     *
     * @param spec the job
     * @param sink where its results go
     * @param settings what holds where the job chooses nothing
     * @param codecs finds the codecs of the job's classes
     * @throws SampoException as {@link #pack}, and when its jars or files cannot be read or are too large
     */
    public static JobPackager packToShip(
            JobSpec<?, ?> spec, OutputSink<?, ?> sink, EngineSettings settings, CodecRegistry codecs) {
        return pack(spec, sink, settings, codecs, true);
    }

    private static JobPackager pack(
            JobSpec<?, ?> spec, OutputSink<?, ?> sink, EngineSettings settings, CodecRegistry codecs, boolean travels) {
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
                sink instanceof CollectedSink || HeldResult.isHeld(sink.directory())
                        ? ""
                        : sink.directory().toString(),
                sink instanceof CollectedSink,
                queue != null ? queue : JobOutline.DEFAULT_QUEUE,
                spec.options().speculation() && settings.task().speculation(),
                spec.options().priority());
        Path temp = settings.node().tempDirectory().orElse(Path.of(System.getProperty("java.io.tmpdir")));
        Shipment shipment = new Shipment(spec.name(), settings.ship(), temp);
        boolean done = false;
        try {
            FunctionPacker packer = new FunctionPacker(shipment, travels);
            List<byte[]> inputs = spec.inputs().stream()
                    .map(input -> packer.pack(input, "an input of job " + spec.name()))
                    .toList();
            List<byte[]> stages = spec.stages().stream()
                    .map(stage -> packer.pack(stage, "a stage of job " + spec.name()))
                    .toList();
            byte[] packedSink = packer.pack(sink, "the output of job " + spec.name());
            if (travels) {
                shipClasses(spec, packer.classes(), settings.ship(), shipment);
            }
            JobDefinition definition = new JobDefinition(
                    inputs,
                    stages,
                    packedSink,
                    splitBytes != null ? splitBytes : settings.input().splitBytes(),
                    shipment.blobs());
            JobPackager packed = new JobPackager(
                    outline, travels ? fitting(definition, shipment) : definition, loadersOf(spec, sink), shipment);
            done = true;
            return packed;
        } finally {
            if (!done) {
                shipment.close();
            }
        }
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

    /** Adds the jars of a job to its shipment, before anything else: jars are searched in the order they were added. */
    private static void shipClasses(
            JobSpec<?, ?> spec, Set<Class<?>> classes, ShipSettings settings, Shipment shipment) {
        JobClasses chosen = spec.classes();
        List<Path> entries = switch (chosen.mode()) {
            case NONE -> List.of();
            case NAMED -> chosen.jars().stream().map(Path::of).toList();
            case BY_SETTING -> new JobClassPath(JobPackager.class.getClassLoader()).of(classes, settings.classPath());
        };
        for (Path entry : entries) {
            try {
                String name = entry.toString();
                if (Files.isDirectory(entry)) {
                    shipment.add(out -> DirectoryJar.write(entry, out), BlobKind.JAR, name);
                } else {
                    requireJar(entry);
                    shipment.add(entry, BlobKind.JAR, name);
                }
            } catch (IOException e) {
                throw new SampoException(
                        ErrorCode.JOB_CLASS,
                        "job " + spec.name() + ": jar " + entry + " cannot be read as a jar: " + e.getMessage()
                                + "; expected a jar file or a directory of classes",
                        e);
            }
        }
    }

    private static void requireJar(Path entry) throws IOException {
        try (ZipFile jar = new ZipFile(entry.toFile())) {
            LOG.debug("{} with {} entries travels", entry, jar.size());
        }
    }

    /** Has the functions travel as a blob when they are too large for a message. */
    private static JobDefinition fitting(JobDefinition definition, Shipment shipment) {
        if (DefinitionBlob.bytes(definition) <= MOST_INLINE_BYTES) {
            return definition;
        }
        try {
            BlobRef functions = shipment.add(
                    out -> DefinitionBlob.write(definition, out), BlobKind.DEFINITION, "functions of the job");
            return DefinitionBlob.without(definition, functions, definition.blobs());
        } catch (IOException e) {
            throw cannotShip(e);
        }
    }

    private static SampoException cannotShip(IOException e) {
        return new SampoException(
                ErrorCode.SPILL_FAILED,
                "the functions of the job cannot be written to disk: " + e.getMessage()
                        + "; expected room in sampo.temp-dir",
                e);
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
        parts.add(spec.sink());
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
