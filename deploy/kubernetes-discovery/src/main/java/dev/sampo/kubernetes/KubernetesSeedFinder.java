package dev.sampo.kubernetes;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.sampo.internal.config.ClusterSettings;
import dev.sampo.internal.config.ClusterSettings.Discovery;
import dev.sampo.internal.config.ClusterSettings.KubernetesSettings;
import dev.sampo.internal.runtime.NodeEnd;
import dev.sampo.internal.runtime.SeedFinder;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.Uri;
import org.apache.pekko.management.cluster.bootstrap.ClusterBootstrap;
import org.apache.pekko.management.javadsl.PekkoManagement;
import org.apache.pekko.management.scaladsl.ManagementRouteProviderSettings;
import org.apache.pekko.util.ManifestInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Pekko Management's cluster bootstrap over the API of Kubernetes. A node asks the API for the pods of the seeds, and each
 * of those, at a port of its own, which seeds it is together with. It joins those; where there are none, and all seeds
 * that there should be have answered for a while, the seed with the lowest address forms the cluster. Workers never do:
 * they ask, and are not asked.
 */
public final class KubernetesSeedFinder implements SeedFinder {
    private static final Logger LOG = LoggerFactory.getLogger(KubernetesSeedFinder.class);
    private static final String BOOTSTRAP = "pekko.management.cluster.bootstrap.";
    private static final String API = "pekko.discovery.kubernetes-api.";

    /** Pekko's own check covers these as well as pekko-discovery, whose newest version is another. */
    private static final List<String> OF_ONE_VERSION = List.of(
            "pekko-actor",
            "pekko-actor-typed",
            "pekko-cluster",
            "pekko-cluster-tools",
            "pekko-cluster-typed",
            "pekko-coordination",
            "pekko-distributed-data",
            "pekko-pki",
            "pekko-protobuf-v3",
            "pekko-remote",
            "pekko-serialization-jackson",
            "pekko-slf4j",
            "pekko-stream");

    /** Made by the loader of services. */
    public KubernetesSeedFinder() {}

    @Override
    public Discovery discovery() {
        return Discovery.KUBERNETES;
    }

    @Override
    public Config defaults(ClusterSettings settings) {
        KubernetesSettings kubernetes = settings.kubernetes();
        Map<String, Object> chosen = new LinkedHashMap<>();
        chosen.put("pekko.discovery.method", "kubernetes-api");
        chosen.put(API + "pod-label-selector", kubernetes.podLabels());
        chosen.put(API + "use-raw-ip", true);
        if (!kubernetes.namespace().isEmpty()) {
            chosen.put(API + "pod-namespace", kubernetes.namespace());
        }
        chosen.put("pekko.management.http.hostname", settings.host());
        chosen.put("pekko.management.http.port", kubernetes.port());
        // nothing but what bootstrap asks, and that to be read only
        chosen.put("pekko.management.http.route-providers-read-only", true);
        chosen.put("pekko.management.http.routes.health-checks", "");
        chosen.put(BOOTSTRAP + "contact-point-discovery.required-contact-point-nr", kubernetes.seeds());
        chosen.put(BOOTSTRAP + "join-decider.class", SeedJoinDecider.class.getName());
        Config libraries = ConfigFactory.parseResources(KubernetesSeedFinder.class.getClassLoader(), "reference.conf");
        return ConfigFactory.parseMap(chosen)
                .withFallback(libraries.withOnlyPath("pekko.management"))
                .withFallback(libraries.withOnlyPath("pekko.discovery"))
                .withFallback(libraries.withOnlyPath("pekko.http"));
    }

    @Override
    public Config required(boolean seed) {
        // pekko-discovery is of another version than Pekko; what must be of one is checked when this begins
        return ConfigFactory.parseMap(
                Map.of("pekko.fail-mixed-versions", false, BOOTSTRAP + "new-cluster-enabled", seed));
    }

    @Override
    public void check(Config complete) {
        for (String variable : List.of("api-service-host-env-name", "api-service-port-env-name")) {
            require(
                    System.getenv(complete.getString(API + variable)) != null,
                    "the environment has no " + complete.getString(API + variable));
        }
        for (String file : List.of("api-ca-path", "api-token-path")) {
            Path path = Path.of(complete.getString(API + file));
            require(Files.isReadable(path), path + " cannot be read");
        }
    }

    private static void require(boolean isThere, String problem) {
        if (!isThere) {
            throw new SampoException(
                    ErrorCode.CONFIG_INVALID,
                    "sampo.cluster.discovery: kubernetes, and " + problem + "; expected a pod with the token of a"
                            + " service account, or list or dns");
        }
    }

    @Override
    public void begin(ActorSystem<?> system, ClusterSettings settings, boolean seed) {
        if (!ManifestInfo.get(system.classicSystem())
                .checkSameVersion(
                        "Pekko", CollectionConverters.asScala(OF_ONE_VERSION).toList(), true)) {
            NodeEnd.refuse(system, "modules of Pekko are of several versions, see the warning before; expected one");
            return;
        }
        String address = settings.host() + ":" + settings.kubernetes().port();
        ClusterBootstrap bootstrap = ClusterBootstrap.get(system.classicSystem());
        if (seed) {
            PekkoManagement.get(system.classicSystem()).start().whenComplete((bound, failure) -> {
                if (failure != null) {
                    LOG.debug("cannot listen at {}", address, failure);
                    NodeEnd.refuse(
                            system,
                            "cannot listen at " + address + ": " + failure.getMessage()
                                    + "; expected an address of this"
                                    + " machine and a free port, see sampo.cluster.kubernetes.port");
                }
            });
        } else {
            // tells bootstrap who asks; the routes that come with it are served by seeds only
            bootstrap.routes(ManagementRouteProviderSettings.apply(
                    Uri.create("http://" + address).asScala(), true));
        }
        bootstrap.start();
    }
}
