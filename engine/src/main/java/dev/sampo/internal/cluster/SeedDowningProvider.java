package dev.sampo.internal.cluster;

import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Props;
import org.apache.pekko.cluster.DowningProvider;
import scala.Option;
import scala.concurrent.duration.FiniteDuration;

/**
 * Lets the seeds, and nobody else, decide who is taken out of the cluster. All members name this class, for Pekko admits
 * only members with the same resolver; at workers and submitters it does nothing.
 */
public final class SeedDowningProvider extends DowningProvider {
    private final MembershipSetup setup;

    /** Called by Pekko. The system's setup has to hold a {@link MembershipSetup}. */
    public SeedDowningProvider(ActorSystem system) {
        this.setup = system.settings()
                .setup()
                .get(MembershipSetup.class)
                .orElseThrow(() -> new IllegalStateException(
                        system.name() + " was started without a MembershipSetup; expected one in its setup"));
    }

    @Override
    public FiniteDuration downRemovalMargin() {
        return FiniteDuration.create(setup.downing().removalMargin().toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public Option<Props> downingActorProps() {
        return setup.isSeed() ? Option.apply(SeedDowning.props(setup.downing(), setup.nanos())) : Option.empty();
    }
}
