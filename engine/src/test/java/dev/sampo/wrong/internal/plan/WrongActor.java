package dev.sampo.wrong.internal.plan;

import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Receive;

/** Wrong: open, built from outside, with a public mutable field, in a package of rules. */
public class WrongActor extends AbstractBehavior<String> {
    public int count;

    public WrongActor(ActorContext<String> context) {
        super(context);
    }

    @Override
    public Receive<String> createReceive() {
        return newReceiveBuilder().build();
    }
}
