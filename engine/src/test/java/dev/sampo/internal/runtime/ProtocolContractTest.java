package dev.sampo.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import com.typesafe.config.ConfigFactory;
import dev.sampo.internal.config.ClusterSettings;
import dev.sampo.internal.config.EngineConfig;
import dev.sampo.internal.config.EngineSettings;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.protocol.ApiProtocol;
import dev.sampo.internal.protocol.ClientProtocol;
import dev.sampo.internal.protocol.ClusterProtocol;
import dev.sampo.internal.protocol.MembershipProtocol;
import dev.sampo.internal.protocol.NodeProtocol;
import dev.sampo.internal.protocol.TaskProtocol;
import dev.sampo.internal.protocol.WireMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.SerializerWithStringManifest;
import org.apache.pekko.serialization.Serializers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What crosses a node boundary, through the serializer of a real member. The bytes of every message are kept in {@code
 * protocol.golden}: nodes of two builds must understand each other while a cluster is upgraded node by node. A wanted
 * change is written with {@code -Dsampo.golden.write=true}.
 */
class ProtocolContractTest {
    private static final String GOLDEN = "src/test/resources/dev/sampo/internal/runtime/protocol.golden";
    private static final Set<Class<?>> SCALARS =
            Set.of(String.class, Integer.class, Long.class, Boolean.class, Duration.class, Instant.class, byte[].class);
    private static final Set<String> PACKAGES =
            Set.of("dev.sampo.internal.model", "dev.sampo.internal.protocol", "dev.sampo.api", "dev.sampo.spi");

    private static ActorSystem<Void> system;
    private static Serialization serialization;
    private static List<WireMessage> samples;

    @BeforeAll
    static void startMember() {
        ClusterSettings cluster = EngineSettings.from(
                        EngineConfig.load(ConfigFactory.parseMap(Map.of("sampo.cluster.port", 0))))
                .cluster();
        system = ActorSystem.create(
                Behaviors.empty(),
                "sampo",
                ActorSystemSetup.create(
                        BootstrapSetup.create(
                                PekkoConfig.member(Joining.of(cluster), ConfigFactory.empty(), List.of("worker"))),
                        PekkoConfig.membership(cluster, "worker")));
        serialization = SerializationExtension.get(system);
        samples = new WireSamples(ActorRefResolver.get(system)).all();
    }

    @AfterAll
    static void stopMember() throws Exception {
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    static Stream<WireMessage> samples() {
        return samples.stream();
    }

    static Stream<Class<?>> kinds() {
        return Stream.of(
                        ClusterProtocol.Wire.class,
                        MembershipProtocol.Wire.class,
                        NodeProtocol.Wire.class,
                        TaskProtocol.Wire.class,
                        ClientProtocol.Wire.class,
                        ApiProtocol.Wire.class)
                .flatMap(ProtocolContractTest::leaves);
    }

    @Test
    void everyMessageHasASample() {
        assertThat(samples.stream().<Class<?>>map(WireMessage::getClass).distinct())
                .containsExactlyInAnyOrderElementsOf(kinds().toList());
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aMessageHoldsOnlyWhatCannotChooseClasses(Class<?> kind) {
        List<String> wrong = new ArrayList<>();
        checkRecord(kind, kind.getSimpleName(), wrong);
        assertThat(wrong).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void aMessageArrivesAsItWasSent(WireMessage message) {
        assertThat(serialization.findSerializerFor(message).identifier())
                .as("jackson-cbor")
                .isEqualTo(33);
        byte[] bytes = bytesOf(message);
        Object arrived = read(message, bytes);
        assertThat(arrived).usingRecursiveComparison().isEqualTo(message);
        assertThat(bytesOf(arrived)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @MethodSource("samples")
    void aMessageCarriesItsComponentsAndNothingElse(WireMessage message) throws IOException {
        checkTree(
                message,
                new CBORMapper().readTree(bytesOf(message)),
                message.getClass().getSimpleName());
    }

    @Test
    void theBytesOfEveryMessageAreThoseOfOtherBuilds() throws IOException {
        Map<String, String> now = new TreeMap<>();
        for (WireMessage message : samples) {
            String protocol = message.getClass().getEnclosingClass().getSimpleName();
            String name = protocol + "." + message.getClass().getSimpleName();
            String hex = HexFormat.of().formatHex(bytesOf(message));
            for (int number = 1; now.putIfAbsent(number == 1 ? name : name + "-" + number, hex) != null; ) {
                number++;
            }
        }
        Path golden = Path.of(GOLDEN);
        if (Boolean.getBoolean("sampo.golden.write")) {
            Files.createDirectories(golden.getParent());
            Files.write(
                    golden,
                    now.entrySet().stream()
                            .map(e -> e.getKey() + " " + e.getValue())
                            .toList());
        }
        Map<String, String> kept = Files.readAllLines(golden).stream()
                .map(line -> line.split(" "))
                .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
        assertThat(now).isEqualTo(kept);
    }

    @ParameterizedTest
    @MethodSource("samples")
    void aMessageOfALaterBuildMayHoldMore(WireMessage message) throws IOException {
        CBORMapper mapper = new CBORMapper();
        JsonNode tree = mapper.readTree(bytesOf(message));
        ((ObjectNode) tree).put("laterComponent", "unknown here");
        assertThat(read(message, mapper.writeValueAsBytes(tree)))
                .usingRecursiveComparison()
                .isEqualTo(message);
    }

    @Test
    void refusesToSendWhatIsNotMarked() {
        assertThatThrownBy(() -> serialization.serialize(new JobId("job-1")).get())
                .hasStackTraceContaining("allow-java-serialization");
        assertThatThrownBy(() -> serialization.serialize(new Unmarked("x")).get())
                .isInstanceOf(NotSerializableException.class);
    }

    @Test
    void refusesToReadWhatIsNotMarked() throws IOException {
        String manifest = Unmarked.class.getName();
        assertThatThrownBy(() -> serialization
                        .deserialize(new CBORMapper().writeValueAsBytes(Map.of("text", "x")), 33, manifest)
                        .get())
                .hasStackTraceContaining("Only classes that are listed as allowed");
        ByteArrayOutputStream java = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(java)) {
            out.writeObject(new JobId("job-1"));
        }
        assertThatThrownBy(() ->
                        serialization.deserialize(java.toByteArray(), 1, "").get())
                .hasStackTraceContaining("allow-java-serialization");
    }

    private record Unmarked(String text) {}

    private static byte[] bytesOf(Object message) {
        return serialization.serialize(message).get();
    }

    private static Object read(Object like, byte[] bytes) {
        SerializerWithStringManifest serializer = (SerializerWithStringManifest) serialization.findSerializerFor(like);
        return serialization
                .deserialize(bytes, serializer.identifier(), Serializers.manifestFor(serializer, like))
                .get();
    }

    private static Stream<Class<?>> leaves(Class<?> type) {
        return type.isSealed()
                ? Arrays.stream(type.getPermittedSubclasses()).flatMap(ProtocolContractTest::leaves)
                : Stream.of(type);
    }

    private static void checkRecord(Class<?> type, String where, List<String> wrong) {
        if (!type.isRecord() || !PACKAGES.contains(type.getPackageName())) {
            wrong.add(where + ": " + type.getName());
            return;
        }
        for (RecordComponent component : type.getRecordComponents()) {
            checkType(component.getGenericType(), where + "." + component.getName(), wrong);
        }
    }

    private static void checkType(Type type, String where, List<String> wrong) {
        if (type instanceof ParameterizedType generic) {
            Type raw = generic.getRawType();
            if (raw == ActorRef.class) {
                return;
            }
            if (raw != List.class && raw != Map.class && raw != SortedMap.class) {
                wrong.add(where + ": " + type.getTypeName());
            }
            for (Type argument : generic.getActualTypeArguments()) {
                checkType(argument, where, wrong);
            }
        } else if (type instanceof Class<?> plain) {
            if (!plain.isPrimitive() && !SCALARS.contains(plain) && !plain.isEnum()) {
                checkRecord(plain, where, wrong);
            }
        } else {
            wrong.add(where + ": " + type.getTypeName());
        }
    }

    /** Walks a record and what was written of it side by side. */
    private static void checkTree(Object value, JsonNode tree, String where) {
        if (value instanceof List<?> list) {
            assertThat(tree.isArray()).as(where).isTrue();
            for (int i = 0; i < list.size(); i++) {
                checkTree(list.get(i), tree.get(i), where + "[" + i + "]");
            }
        } else if (value instanceof Record && !isWrittenAsItsValue(value.getClass())) {
            List<String> names = Arrays.stream(value.getClass().getRecordComponents())
                    .map(RecordComponent::getName)
                    .toList();
            assertThat(tree.fieldNames()).toIterable().as(where).containsExactlyInAnyOrderElementsOf(names);
            for (RecordComponent component : value.getClass().getRecordComponents()) {
                String name = component.getName();
                checkTree(valueOf(component, value), tree.get(name), where + "." + name);
            }
        } else if (value != null) {
            assertThat(tree.isValueNode() || value instanceof Map).as(where).isTrue();
        }
    }

    private static boolean isWrittenAsItsValue(Class<?> type) {
        return Arrays.stream(type.getRecordComponents())
                .anyMatch(component -> component.getAccessor().isAnnotationPresent(JsonValue.class));
    }

    private static Object valueOf(RecordComponent component, Object record) {
        try {
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(component.toString(), e);
        }
    }
}
