package dev.sampo.wrong.internal.execute;

import dev.sampo.wrong.internal.plan.WrongPlanner;
import org.apache.pekko.actor.typed.ActorRef;
import org.slf4j.Logger;

/** Wrong: imports the other half. The actor reference and the logger are allowed here. */
public record WrongRunner(WrongPlanner planner, ActorRef<String> target, Logger log) {}
