package dev.sampo.internal.schedule;

import dev.sampo.internal.model.HashRing;
import dev.sampo.internal.model.NodeId;
import dev.sampo.internal.model.PlacedNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which nodes of a placement are where the data of a task is. Used by one thread. */
final class Vicinity {
    private final Map<String, Set<NodeId>> nodesAt = new HashMap<>();
    private final Map<List<String>, Set<NodeId>> near = new HashMap<>();

    Vicinity(HashRing ring) {
        for (PlacedNode placed : ring.nodes()) {
            for (String location : placed.locations()) {
                nodesAt.computeIfAbsent(location, any -> new HashSet<>()).add(placed.node());
            }
        }
    }

    /** Returns the nodes that at least one of the locations names. */
    Set<NodeId> near(List<String> locations) {
        return near.computeIfAbsent(locations, all -> {
            Set<NodeId> nodes = new HashSet<>();
            all.forEach(location -> nodes.addAll(nodesAt.getOrDefault(location, Set.of())));
            return nodes;
        });
    }
}
