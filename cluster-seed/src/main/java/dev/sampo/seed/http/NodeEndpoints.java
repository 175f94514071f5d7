package dev.sampo.seed.http;

import dev.sampo.internal.client.ClusterApi;
import dev.sampo.internal.client.ClusterNode;
import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.NodeFacts;
import dev.sampo.spi.ErrorCode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;

/** What can be asked about nodes. */
final class NodeEndpoints {
    private final ClusterApi cluster;

    NodeEndpoints(ClusterApi cluster) {
        this.cluster = cluster;
    }

    record Nodes(List<Node> nodes) {}

    /** A node as the API shows it; one that is no worker has no slots. */
    record Node(
            String id,
            String address,
            List<String> roles,
            String state,
            int slots,
            long memory,
            double weight,
            Map<String, String> labels,
            List<String> running) {
        static Node of(ClusterNode node) {
            NodeFacts facts = node.facts();
            return new Node(
                    node.id(),
                    node.address(),
                    node.roles(),
                    node.state().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                    facts == null ? 0 : facts.slots(),
                    facts == null ? 0 : facts.memoryBytes(),
                    facts == null ? 0 : facts.weight(),
                    facts == null ? Map.of() : new TreeMap<>(facts.labels()),
                    node.running().stream().map(AttemptId::toString).toList());
        }
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.of(HttpMethods.GET, "/v1/nodes", Access.VIEW, this::list),
                Endpoint.of(HttpMethods.POST, "/v1/nodes/{address}/drain", Access.ADMIN, this::drain));
    }

    private CompletionStage<HttpResponse> drain(ApiRequest request) {
        String address = request.value("address");
        return cluster.drain(address).thenApply(known -> {
            AuditLog.write(request, "drain", address, known ? "accepted" : "unknown");
            if (!known) {
                throw new ApiProblem(
                        StatusCodes.NOT_FOUND,
                        ErrorCode.NOT_FOUND,
                        "no worker is at '" + address + "'; expected the address of a worker that /v1/nodes lists",
                        address);
            }
            return Json.response(StatusCodes.ACCEPTED, Map.of("address", address));
        });
    }

    private CompletionStage<HttpResponse> list(ApiRequest request) {
        return cluster.nodes()
                .thenApply(nodes -> Json.response(
                        StatusCodes.OK, new Nodes(nodes.stream().map(Node::of).toList())));
    }
}
