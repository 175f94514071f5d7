package dev.sampo.internal.cluster;

import dev.sampo.internal.config.DowningSettings;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.setup.Setup;

/** What {@link SeedDowningProvider}, which Pekko creates, has to know; a part of the actor system's setup. */
public final class MembershipSetup extends Setup {
    private final DowningSettings downing;
    private final boolean seed;
    private final LongSupplier nanos;

    /**
     * Makes the setup of a member.
     *
     * @param seed whether it is a seed, and so has a say
     * @param nanos a monotonic reading
     */
    public MembershipSetup(DowningSettings downing, boolean seed, LongSupplier nanos) {
        this.downing = downing;
        this.seed = seed;
        this.nanos = nanos;
    }

    DowningSettings downing() {
        return downing;
    }

    boolean isSeed() {
        return seed;
    }

    LongSupplier nanos() {
        return nanos;
    }
}
