package dev.sampo.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.sampo.internal.config.EngineConfig;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.Subject;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Loads the Kubernetes files into typed models, and holds them to what the nodes need. No cluster takes part. */
class KubernetesTest {
    private static final long DRAIN_SECONDS = 15;

    private static final List<HasMetadata> RESOURCES = new ArrayList<>();

    @BeforeAll
    static void load() throws IOException {
        KubernetesSerialization models = new KubernetesSerialization();
        try (Stream<Path> files = Files.list(Path.of("kubernetes/base"))) {
            for (Path file : files.sorted().toList()) {
                if (file.endsWith("kustomization.yaml")) {
                    continue;
                }
                for (String document : Files.readString(file).split("(?m)^---$")) {
                    RESOURCES.add(models.unmarshal(document, HasMetadata.class));
                }
            }
        }
    }

    @Test
    void everyResourceIsKnownAndHasOnlyKnownFields() {
        assertThat(RESOURCES)
                .hasSize(12)
                .allSatisfy(resource ->
                        assertThat(resource.getClass().getSimpleName()).isEqualTo(resource.getKind()));
    }

    @Test
    void seedsAreOneOrThreeOrMoreAndHaveAHeadlessService() {
        StatefulSet seeds = one(StatefulSet.class, "sampo-seed");
        int replicas = seeds.getSpec().getReplicas();
        assertThat(replicas).isNotEqualTo(2).isPositive();
        assertThat(settings()).contains("sampo.cluster.discovery = kubernetes").contains("seeds = " + replicas);
        Service service = one(Service.class, seeds.getSpec().getServiceName());
        assertThat(service.getSpec().getClusterIP()).isEqualTo("None");
        assertThat(service.getSpec().getPublishNotReadyAddresses()).isTrue();
        assertThat(service.getSpec().getPorts().get(0).getName()).isEqualTo("cluster");
        assertThat(seeds.getSpec().getTemplate().getMetadata().getLabels())
                .containsAllEntriesOf(service.getSpec().getSelector());
    }

    @Test
    void thePodsOfSeedsAndNoOthersMatchTheLabelsThatNodesAskFor() {
        Config config = ConfigFactory.parseString(settings());
        Map<String, String> asked = Arrays.stream(
                        config.getString("sampo.cluster.kubernetes.pod-labels").split(","))
                .map(label -> label.split("="))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
        assertThat(one(StatefulSet.class, "sampo-seed")
                        .getSpec()
                        .getTemplate()
                        .getMetadata()
                        .getLabels()
                        .entrySet())
                .containsAll(asked.entrySet());
        assertThat(one(Deployment.class, "sampo-worker")
                        .getSpec()
                        .getTemplate()
                        .getMetadata()
                        .getLabels()
                        .entrySet()
                        .containsAll(asked.entrySet()))
                .isFalse();
    }

    @Test
    void nodesMayListPodsAndNothingElse() {
        Role role = one(Role.class, "sampo-list-pods");
        assertThat(role.getRules()).hasSize(1);
        assertThat(role.getRules().get(0).getApiGroups()).containsExactly("");
        assertThat(role.getRules().get(0).getResources()).containsExactly("pods");
        assertThat(role.getRules().get(0).getVerbs()).containsExactly("list");
        RoleBinding binding = one(RoleBinding.class, "sampo-list-pods");
        assertThat(binding.getRoleRef().getName()).isEqualTo("sampo-list-pods");
        assertThat(binding.getSubjects())
                .extracting(Subject::getKind, Subject::getName)
                .containsExactly(tuple("ServiceAccount", "sampo"));
        for (PodSpec pod : List.of(
                one(StatefulSet.class, "sampo-seed").getSpec().getTemplate().getSpec(),
                one(Deployment.class, "sampo-worker").getSpec().getTemplate().getSpec())) {
            assertThat(pod.getServiceAccountName())
                    .isEqualTo(one(ServiceAccount.class, "sampo").getMetadata().getName());
            assertThat(pod.getAutomountServiceAccountToken()).isTrue();
        }
    }

    @Test
    void seedsSayAtThePortOfTheSettingsWhichSeedsTheyAreWith() {
        int port = ConfigFactory.parseResources(EngineConfig.class.getClassLoader(), "dev/sampo/reference.conf")
                .getInt("sampo.cluster.kubernetes.port");
        assertThat(container(one(StatefulSet.class, "sampo-seed")
                                .getSpec()
                                .getTemplate()
                                .getSpec())
                        .getPorts())
                .anySatisfy(open -> assertThat(open.getContainerPort()).isEqualTo(port));
        assertThat(one(NetworkPolicy.class, "sampo")
                        .getSpec()
                        .getIngress()
                        .get(0)
                        .getPorts())
                .anySatisfy(open -> assertThat(open.getPort().getIntVal()).isEqualTo(port));
    }

    @Test
    void seedsAreAskedForTheirHealth() {
        Container seed = container(
                one(StatefulSet.class, "sampo-seed").getSpec().getTemplate().getSpec());
        assertThat(seed.getLivenessProbe().getHttpGet().getPath()).isEqualTo("/health");
        assertThat(seed.getStartupProbe().getHttpGet().getPath()).isEqualTo("/health");
        assertThat(seed.getReadinessProbe().getHttpGet().getPath()).isEqualTo("/ready");
        assertThat(seed.getPorts())
                .anySatisfy(port -> assertThat(port.getContainerPort()).isEqualTo(25580));
    }

    @Test
    void allPodsAreHardenedAndHaveTimeToDrain() {
        for (PodSpec pod : List.of(
                one(StatefulSet.class, "sampo-seed").getSpec().getTemplate().getSpec(),
                one(Deployment.class, "sampo-worker").getSpec().getTemplate().getSpec())) {
            assertThat(pod.getTerminationGracePeriodSeconds()).isGreaterThan(DRAIN_SECONDS + 10);
            assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
            assertThat(pod.getSecurityContext().getRunAsUser()).isEqualTo(10001);
            assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
            Container container = container(pod);
            assertThat(container.getSecurityContext().getReadOnlyRootFilesystem())
                    .isTrue();
            assertThat(container.getSecurityContext().getAllowPrivilegeEscalation())
                    .isFalse();
            assertThat(container.getSecurityContext().getCapabilities().getDrop())
                    .containsExactly("ALL");
            assertThat(container.getVolumeMounts())
                    .extracting(mount -> mount.getMountPath())
                    .contains("/var/lib/sampo", "/tmp", "/etc/sampo/conf.d");
        }
    }

    @Test
    void theTimeToDrainIsThatOfTheImage() throws IOException {
        try (InputStream in = KubernetesTest.class.getResourceAsStream("/container.conf")) {
            assertThat(in)
                    .isNotNull()
                    .asString(java.nio.charset.StandardCharsets.UTF_8)
                    .contains("sampo.drain-timeout = " + DRAIN_SECONDS + "s");
        }
    }

    @Test
    void disruptionsComeOneAtATime() {
        for (String name : List.of("sampo-seed", "sampo-worker")) {
            assertThat(one(PodDisruptionBudget.class, name)
                            .getSpec()
                            .getMaxUnavailable()
                            .getIntVal())
                    .isEqualTo(1);
        }
    }

    private static Container container(PodSpec pod) {
        assertThat(pod.getContainers()).hasSize(1);
        return pod.getContainers().get(0);
    }

    private static String settings() {
        return Objects.requireNonNull(
                one(io.fabric8.kubernetes.api.model.ConfigMap.class, "sampo")
                        .getData()
                        .get("sampo.conf"),
                "sampo.conf in the config map");
    }

    private static <T extends HasMetadata> T one(Class<T> type, String name) {
        return RESOURCES.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .filter(resource -> resource.getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + type.getSimpleName() + " " + name));
    }
}
