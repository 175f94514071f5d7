package dev.sampo.internal.coordinate;

import dev.sampo.internal.model.CoordinatorEpoch;
import dev.sampo.internal.model.DataAddress;
import dev.sampo.internal.model.HeldOutput;
import dev.sampo.internal.model.JobOutline;
import dev.sampo.internal.model.NodeFacts;
import dev.sampo.internal.model.NodeId;
import dev.sampo.internal.model.SegmentHolder;
import dev.sampo.internal.model.ShuffleInputs;
import dev.sampo.internal.plan.ExecutionPlan;
import dev.sampo.internal.plan.PlannedSplit;
import dev.sampo.internal.plan.Stage;
import dev.sampo.internal.protocol.NodeProtocol.Launch;
import dev.sampo.internal.protocol.NodeProtocol.LaunchCommitAttempt;
import dev.sampo.internal.protocol.NodeProtocol.LaunchMapAttempt;
import dev.sampo.internal.protocol.NodeProtocol.LaunchPlanAttempt;
import dev.sampo.internal.protocol.NodeProtocol.LaunchReduceAttempt;
import dev.sampo.internal.protocol.NodeProtocol.LaunchSampleAttempt;
import dev.sampo.internal.protocol.NodeProtocol.Order;
import dev.sampo.internal.protocol.TaskProtocol;
import dev.sampo.internal.schedule.Decision;
import dev.sampo.internal.schedule.Scheduler;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** Turns the decision to launch an attempt into the order to its node. Owned by the job coordinator. */
final class LaunchMessages {
    private final CoordinatorEpoch epoch;
    private final Scheduler scheduler;
    private final Instant started;
    private final ActorRef<TaskProtocol.Wire> replyTo;
    private final DataAddress results;
    private @Nullable List<HeldOutput> lastOutputs;
    private @Nullable ShuffleInputs lastInputs;

    LaunchMessages(
            CoordinatorEpoch epoch,
            Scheduler scheduler,
            Instant started,
            DataAddress results,
            ActorRef<TaskProtocol.Wire> replyTo) {
        this.epoch = epoch;
        this.scheduler = scheduler;
        this.started = started;
        this.results = results;
        this.replyTo = replyTo;
    }

    Launch of(Decision.Launch launch, JobOutline outline, Map<NodeId, NodeFacts> nodes) {
        ExecutionPlan plan = scheduler.plan();
        int index = launch.attempt().task().index();
        Stage stage = plan.stage(launch.attempt().task().stage());
        Order order = new Order(
                epoch, launch.attempt(), launch.lease().id(), outline.name(), stage.name(), stage.tasks(), replyTo);
        switch (launch.kind()) {
            case PLAN:
                return new LaunchPlanAttempt(order);
            case SAMPLE:
                PlannedSplit sampled = plan.splits().get(plan.sampledSplits().get(index));
                return new LaunchSampleAttempt(order, sampled.input(), sampled.split());
            case MAP:
                PlannedSplit mapped = plan.splits().get(index);
                return new LaunchMapAttempt(
                        order,
                        mapped.input(),
                        mapped.split(),
                        plan.partitionsAfter(stage.number()),
                        plan.boundaries().keys());
            case REDUCE:
                boolean last = stage.number() == plan.lastReduceStage();
                return new LaunchReduceAttempt(
                        order,
                        stage.number() - ExecutionPlan.MAP_STAGE - 1,
                        inputs(stage.number() - 1, nodes),
                        last ? 0 : plan.partitionsAfter(stage.number()),
                        results);
            case COMMIT:
                return new LaunchCommitAttempt(
                        order, scheduler.grantedParts(), scheduler.counters(), started.toString());
        }
        throw new IllegalStateException("kind " + launch.kind());
    }

    /** All reduce tasks of a stage read the same outputs, so what is sent is made once while they stay the same. */
    private ShuffleInputs inputs(int stage, Map<NodeId, NodeFacts> nodes) {
        List<HeldOutput> outputs = scheduler.outputs(stage);
        ShuffleInputs known = lastInputs;
        if (known == null || known.stage() != stage || outputs != lastOutputs) {
            known = inputs(stage, outputs, nodes);
            lastInputs = known;
            lastOutputs = outputs;
        }
        return known;
    }

    private static ShuffleInputs inputs(int stage, List<HeldOutput> outputs, Map<NodeId, NodeFacts> nodes) {
        Map<NodeId, Integer> numbers = new HashMap<>();
        List<SegmentHolder> holders = new ArrayList<>();
        List<Integer> attempts = new ArrayList<>(outputs.size());
        List<Integer> holderOf = new ArrayList<>(outputs.size());
        for (HeldOutput output : outputs) {
            Integer number = numbers.get(output.node());
            if (number == null) {
                NodeFacts facts = nodes.get(output.node());
                number = holders.size();
                numbers.put(output.node(), number);
                holders.add(facts != null ? facts.holder() : new SegmentHolder(output.node(), DataAddress.NONE));
            }
            attempts.add(output.attempt().number());
            holderOf.add(number);
        }
        return new ShuffleInputs(stage, holders, attempts, holderOf);
    }
}
