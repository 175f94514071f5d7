package dev.sampo.internal.model;

import java.io.Serializable;
import java.util.List;

/**
 * The functions of a job as bytes, in pieces, so that an attempt deserializes only what it works with. The control side
 * carries them and never opens them.
 *
 * @param inputs one serialized {@code JobSpec.Input} per input, in order
 * @param stages one serialized {@code JobSpec.Stage} per shuffle, in order
 * @param sink the serialized {@code OutputSink}
 * @param splitBytes the split size to aim for
 * @param blobs what a node must have before it runs an attempt of the job
 */
public record JobDefinition(List<byte[]> inputs, List<byte[]> stages, byte[] sink, long splitBytes, List<BlobRef> blobs)
        implements Serializable {
    /** Copies the lists. */
    public JobDefinition {
        inputs = List.copyOf(inputs);
        stages = List.copyOf(stages);
        blobs = List.copyOf(blobs);
    }
}
