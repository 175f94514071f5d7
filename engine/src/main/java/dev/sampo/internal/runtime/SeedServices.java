package dev.sampo.internal.runtime;

import dev.sampo.internal.blob.BlobLinks;
import dev.sampo.internal.blob.BlobStore;
import dev.sampo.internal.client.ClusterApi;
import dev.sampo.internal.config.EngineSettings;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * What a seed gives to those who serve others beside the cluster.
 *
 * @param settings the settings of the seed
 * @param cluster the cluster as this seed can ask it
 * @param blobs the blobs of this seed; those of a job must be here before it is submitted
 * @param results opens a part of a collected result by its digest, at this seed or at another that holds it; blocks
 * @param security its certificates and tokens
 * @param system the actor system of the seed
 */
public record SeedServices(
        EngineSettings settings,
        ClusterApi cluster,
        BlobStore blobs,
        BlobLinks results,
        NodeSecurity security,
        ActorSystem<?> system) {}
