package dev.sampo.internal.coordinate;

import dev.sampo.internal.model.NodeFacts;
import dev.sampo.internal.model.NodeId;
import dev.sampo.internal.model.PlacedNode;
import dev.sampo.internal.model.PlacementTable;
import dev.sampo.internal.protocol.NodeProtocol;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** The worker nodes that are members now, and the placement made of them. Owned by the cluster coordinator. */
final class NodeTable {
    private final Map<NodeId, Member> members = new TreeMap<>();
    private final Set<NodeId> draining = new HashSet<>();
    private PlacementTable placement = PlacementTable.EMPTY;

    private record Member(NodeFacts facts, ActorRef<NodeProtocol.Wire> agent) {}

    boolean isEmpty() {
        return members.isEmpty();
    }

    boolean contains(NodeId node) {
        return members.containsKey(node);
    }

    @Nullable
    NodeId atAddress(String address) {
        return members.values().stream()
                .filter(member -> member.facts.address().equals(address))
                .map(member -> member.facts.id())
                .findFirst()
                .orElse(null);
    }

    @Nullable
    NodeId ofAgent(ActorRef<?> agent) {
        return members.values().stream()
                .filter(member -> member.agent.equals(agent))
                .map(member -> member.facts.id())
                .findFirst()
                .orElse(null);
    }

    void add(NodeFacts facts, ActorRef<NodeProtocol.Wire> agent) {
        members.put(facts.id(), new Member(facts, agent));
    }

    void remove(NodeId node) {
        members.remove(node);
        draining.remove(node);
    }

    /** Takes a node out of the placements to come; false when it is not known, or was taken out before. */
    boolean drain(NodeId node) {
        return members.containsKey(node) && draining.add(node);
    }

    boolean isDraining(NodeId node) {
        return draining.contains(node);
    }

    /** Returns whether there is a node that takes attempts. */
    boolean isOpen() {
        return members.size() > draining.size();
    }

    @Nullable
    ActorRef<NodeProtocol.Wire> agent(NodeId node) {
        Member member = members.get(node);
        return member == null ? null : member.agent;
    }

    /** Makes the placement of the members as they are now, one epoch on. */
    PlacementTable nextPlacement() {
        List<PlacedNode> placed = members.values().stream()
                .filter(member -> !draining.contains(member.facts.id()))
                .map(member -> new PlacedNode(
                        member.facts.id(), member.facts.address(), member.facts.weight(), member.facts.labels()))
                .toList();
        placement = new PlacementTable(placement.epoch() + 1, placed);
        return placement;
    }

    PlacementTable placement() {
        return placement;
    }

    Map<NodeId, NodeFacts> facts() {
        Map<NodeId, NodeFacts> facts = new HashMap<>();
        members.forEach((id, member) -> facts.put(id, member.facts));
        return facts;
    }

    Map<NodeId, ActorRef<NodeProtocol.Wire>> agents() {
        Map<NodeId, ActorRef<NodeProtocol.Wire>> agents = new HashMap<>();
        members.forEach((id, member) -> agents.put(id, member.agent));
        return agents;
    }
}
