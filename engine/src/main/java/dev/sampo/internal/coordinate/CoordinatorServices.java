package dev.sampo.internal.coordinate;

import dev.sampo.internal.blob.BlobTransfer;
import dev.sampo.internal.blob.ResultStore;
import dev.sampo.internal.config.EngineSettings;
import dev.sampo.internal.model.CoordinatorEpoch;
import dev.sampo.internal.observe.JobEventLog;
import dev.sampo.internal.observe.Meters;
import dev.sampo.internal.plan.PlanSettings;
import dev.sampo.internal.schedule.SchedulerSettings;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * What the coordinators of one reign share.
 *
 * @param settings the settings of the engine
 * @param epoch the reign
 * @param reigns counts the reigns at this seed
 * @param events notes what happens to jobs and nodes
 * @param meters counts it
 * @param clock tells the time of day
 * @param blobs the blobs of this seed
 * @param results holds the parts of results that go to no directory
 * @param nanos a monotonic reading, for deadlines
 */
public record CoordinatorServices(
        EngineSettings settings,
        CoordinatorEpoch epoch,
        Reigns reigns,
        JobEventLog events,
        Meters meters,
        BlobTransfer blobs,
        ResultStore results,
        InstantSource clock,
        LongSupplier nanos) {
    PlanSettings planSettings() {
        return new PlanSettings(
                settings.shuffle().partitionBytes(),
                settings.shuffle().maxPartitions(),
                settings.sample().splits());
    }

    SchedulerSettings schedulerSettings() {
        SchedulerSettings defaults = SchedulerSettings.DEFAULTS;
        return new SchedulerSettings(
                settings.task().assignTimeout().toNanos(),
                defaults.restNanos(),
                defaults.avoidNanos(),
                Math.max(
                        defaults.stopTimeoutNanos(),
                        settings.task().interruptGrace().plusSeconds(10).toNanos()),
                settings.task().lease().toNanos(),
                settings.task().localityWait().toNanos(),
                defaults.freeFetchFailures(),
                settings.task().speculation());
    }
}
