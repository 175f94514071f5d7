package dev.sampo.internal.execute;

import dev.sampo.internal.blob.BlobTransfer;
import dev.sampo.internal.config.EngineSettings;
import dev.sampo.internal.fault.FaultPoints;
import dev.sampo.internal.observe.Meters;
import dev.sampo.internal.shuffle.SegmentStore;
import dev.sampo.internal.shuffle.ShuffleSettings;
import dev.sampo.spi.CodecRegistry;
import java.nio.file.Path;
import java.time.InstantSource;

/**
 * What all attempts of a node share. Every component is safe for many threads.
 *
 * @param settings the settings of the engine
 * @param shuffleSettings how segments are written and merged
 * @param attemptMemoryBytes how much memory one attempt may take for its buffers
 * @param engineVersion the version, for manifests
 * @param codecs finds the codec of a class
 * @param segments holds the outputs that the next stage reads
 * @param fetcher reads the outputs that other nodes hold
 * @param results hands results that go to no directory to the seed
 * @param threads runs user code
 * @param blobs gets the blobs of jobs to this node
 * @param loaders finds the classes of jobs
 * @param claims holds the output directories of jobs
 * @param temp where attempts may keep files while they run
 * @param meters counts
 * @param faults does nothing in production
 * @param clock tells the time
 * @param reigns remembers whom the node has served
 */
public record NodeServices(
        EngineSettings settings,
        ShuffleSettings shuffleSettings,
        long attemptMemoryBytes,
        String engineVersion,
        CodecRegistry codecs,
        SegmentStore segments,
        RemoteSegments fetcher,
        ResultDelivery results,
        UserThreads threads,
        BlobTransfer blobs,
        JobClassLoaders loaders,
        OutputClaims claims,
        Path temp,
        Meters meters,
        FaultPoints faults,
        InstantSource clock,
        ReignMemory reigns) {}
