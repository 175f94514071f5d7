package dev.sampo.internal.runtime;

import com.typesafe.config.Config;
import org.apache.pekko.event.EventStream;
import org.apache.pekko.remote.FailureDetector;

/**
 * The failure detector of members that are no seeds: it never suspects anybody. A worker that was paused would otherwise
 * wake up and tell the cluster that everybody else is gone; and what it cannot reach it notices by failed fetches anyway.
 * Pekko creates one per observed member. Safe for many threads.
 */
public final class SilentFailureDetector implements FailureDetector {
    private volatile boolean monitoring;

    /** Called by Pekko. */
    public SilentFailureDetector(Config config, EventStream events) {}

    @Override
    public boolean isAvailable() {
        return true;
    }

    @Override
    public boolean isMonitoring() {
        return monitoring;
    }

    @Override
    public void heartbeat() {
        monitoring = true;
    }
}
