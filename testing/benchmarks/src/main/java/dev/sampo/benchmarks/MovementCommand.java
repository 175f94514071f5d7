package dev.sampo.benchmarks;

import dev.sampo.internal.model.HashRing;
import dev.sampo.internal.model.NodeId;
import dev.sampo.internal.model.PlacedNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How many keys move when a node joins. */
@Command(name = "movement", description = "The keys that move when the last of some nodes joins, against the ideal.")
final class MovementCommand implements Callable<Integer> {
    @Option(names = "--nodes", defaultValue = "4", description = "how many nodes there are then (${DEFAULT-VALUE})")
    int nodes = 4;

    @Option(names = "--keys", defaultValue = "100000", description = "how many keys (${DEFAULT-VALUE})")
    int keys = 100_000;

    @Option(
            names = "--rounds",
            defaultValue = "20",
            description = "how many clusters, with other addresses each (${DEFAULT-VALUE})")
    int rounds = 20;

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Samples ratios = new Samples();
        long strays = 0;
        for (int round = 0; round < rounds; round++) {
            List<PlacedNode> placed = new ArrayList<>();
            for (int node = 0; node < nodes; node++) {
                String address = "10.0." + round + "." + node + ":25520";
                placed.add(new PlacedNode(new NodeId(address), address, 1));
            }
            PlacedNode last = placed.get(nodes - 1);
            HashRing after = HashRing.of(placed);
            HashRing before = after.without(last.node());
            int moved = 0;
            for (int key = 0; key < keys; key++) {
                NodeId to = after.home("file:/data/input-" + key + ":0").orElseThrow();
                if (!to.equals(before.home("file:/data/input-" + key + ":0").orElseThrow())) {
                    moved++;
                    strays += to.equals(last.node()) ? 0 : 1;
                }
            }
            ratios.add(moved * (double) nodes / keys);
        }
        out.printf(
                "node %d of %d joins: keys moved / ideal: median %.3f, worst %.3f of %d; moved to another node: %d%n",
                nodes, nodes, ratios.median(), ratios.percentile(1), ratios.size(), strays);
        out.flush();
        return 0;
    }
}
