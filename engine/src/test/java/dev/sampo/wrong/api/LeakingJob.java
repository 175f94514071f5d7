package dev.sampo.wrong.api;

import dev.sampo.wrong.internal.plan.WrongPlanner;
import java.util.List;

/** Wrong: an internal type in a public signature, as a type argument only. */
public interface LeakingJob {
    List<WrongPlanner> planners();
}
