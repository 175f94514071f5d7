package dev.sampo.internal.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InvalidClassException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URL;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.management.BadAttributeValueExpException;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** What the functions of a job may hold. */
class DeserializationFilterTest {
    private interface Job<A, B> extends Function<A, B>, Serializable {}

    private record Handler() implements InvocationHandler, Serializable {
        @Override
        public Object invoke(Object proxy, Method method, Object[] arguments) {
            return "called";
        }
    }

    @Test
    @SuppressWarnings("unchecked") // what is read is what was written
    void aLambdaWithDataOfTheJdkComesBack() throws Exception {
        List<Integer> list = List.of(1, 2, 3);
        Map<String, Duration> map = new HashMap<>(Map.of("a", Duration.ofSeconds(1)));
        Pattern pattern = Pattern.compile("[a-z]+");
        long[][] arrays = {{1}, {2, 3}};
        Instant instant = Instant.EPOCH;
        Comparator<String> order = Comparator.reverseOrder();
        BigDecimal number = BigDecimal.TEN;
        URI uri = URI.create("file:///x");
        Job<String, String> job =
                text -> text + list + map + pattern + arrays.length + instant + number + uri + order.compare("a", "b");

        Job<String, String> copy = (Job<String, String>) read(write(job), true);

        assertThat(copy.apply("x")).isEqualTo(job.apply("x")).startsWith("x[1, 2, 3]{a=PT1S}[a-z]+2");
    }

    @Test
    void aClassThatIsNotTheJobsIsRefusedByName() throws Exception {
        byte[] bytes = write(new BadAttributeValueExpException("a well-known first link of a chain"));

        assertThatThrownBy(() -> read(bytes, false))
                .isInstanceOf(InvalidClassException.class)
                .satisfies(failure -> assertThat(DeserializationFilter.explain(failure))
                        .returns(ErrorCode.JOB_NOT_SERIALIZABLE, SampoException::code)
                        .hasMessage("A function of the job holds an object of"
                                + " javax.management.BadAttributeValueExpException, which is neither a class of the job,"
                                + " nor of Sampo, nor a data class of the JDK; expected to find only those: make the"
                                + " field transient, or create the object in open()"));
    }

    @Test
    void itIsRefusedInArraysAndCollectionsToo() throws Exception {
        URL url = URI.create("http://localhost/").toURL();

        for (Object holder : new Object[] {new URL[] {url}, new ArrayList<>(List.of(url)), new URL[0][0]}) {
            byte[] bytes = write(holder);
            assertThatThrownBy(() -> read(bytes, false))
                    .satisfies(failure -> assertThat(DeserializationFilter.explain(failure))
                            .hasMessageContaining("holds an object of java.net.URL"));
        }
    }

    @Test
    void aDynamicProxyIsRefusedWhoseverItIs() throws Exception {
        Object proxy =
                Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Comparable.class}, new Handler());
        byte[] bytes = write(proxy);

        assertThatThrownBy(() -> read(bytes, true))
                .satisfies(failure -> assertThat(DeserializationFilter.explain(failure))
                        .hasMessageContaining("holds a dynamic proxy"));
    }

    @Test
    void depthIsBounded() throws Exception {
        List<Object> nested = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            nested = new ArrayList<>(List.of(nested));
        }
        byte[] bytes = write(nested);

        assertThatThrownBy(() -> read(bytes, true))
                .satisfies(failure -> assertThat(DeserializationFilter.explain(failure))
                        .hasMessage("A function of the job has 201 objects nested; expected at most 200"));
    }

    @Test
    void arraysAreBoundedBeforeTheyAreMade() throws Exception {
        byte[] bytes = write(new long[0]);
        bytes[bytes.length - 4] = 0x7f;

        assertThatThrownBy(() -> read(bytes, true))
                .satisfies(failure -> assertThat(DeserializationFilter.explain(failure))
                        .hasMessageContaining("elements of an array; expected at most 67108864"));
    }

    @Test
    void anArrayCannotHaveMoreElementsThanItsStreamHasBytes() throws Exception {
        byte[] bytes = write(new long[0]);
        bytes[bytes.length - 2] = 0x7f;

        assertThatThrownBy(() -> read(bytes, new DeserializationFilter(type -> true, bytes.length)))
                .satisfies(failure -> assertThat(DeserializationFilter.explain(failure))
                        .hasMessageContaining("has 32512 elements of an array; expected at most 4"));
    }

    @Test
    void honestContainersFitIntoThatBound() throws Exception {
        Random random = new Random(1);
        for (int size : new int[] {0, 1, 1000, 50_000}) {
            List<Boolean> values = random.ints(size).mapToObj(i -> i % 2 == 0).toList();
            Set<Integer> set = random.ints(size).boxed().collect(Collectors.toSet());
            IdentityHashMap<String, String> identities = new IdentityHashMap<>();
            identities.put("a", "b");
            List<Object> all = List.of(
                    values,
                    new ArrayList<>(values),
                    new ArrayDeque<>(values),
                    set,
                    identities,
                    new ConcurrentHashMap<>(set.stream().collect(Collectors.toMap(i -> i, i -> i))),
                    new PriorityQueue<>(set),
                    new boolean[size],
                    new Object[size]);
            for (Object each : all) {
                byte[] bytes = write(each);
                assertThatCode(() -> read(bytes, new DeserializationFilter(type -> true, bytes.length)))
                        .as("%d in %s", size, each.getClass())
                        .doesNotThrowAnyException();
            }
        }
    }

    @Test
    void aLambdaWrittenInAClassThatIsNotTheJobsIsRefusedByName() throws Exception {
        byte[] bytes = write(new SerializedLambda(
                Assertions.class,
                "java/util/function/Function",
                "apply",
                "(Ljava/lang/Object;)Ljava/lang/Object;",
                MethodHandleInfo.REF_invokeStatic,
                "java/lang/System",
                "getProperty",
                "(Ljava/lang/String;)Ljava/lang/String;",
                "(Ljava/lang/String;)Ljava/lang/String;",
                new Object[0]));

        assertThatThrownBy(() -> read(bytes, false))
                .satisfies(failure -> assertThat(DeserializationFilter.explain(failure))
                        .hasMessageContaining("holds an object of org.assertj.core.api.Assertions, which is neither"));
    }

    @Test
    void aComparatorThatAContainerCallsIsCheckedToo() throws Exception {
        @SuppressWarnings({"unchecked", "rawtypes"}) // it is never called
        PriorityQueue<Object> queue = new PriorityQueue<>(2, (Comparator) scala.math.Ordering.Int$.MODULE$);
        byte[] bytes = write(queue);

        assertThatThrownBy(() -> read(bytes, true))
                .satisfies(failure -> assertThat(DeserializationFilter.explain(failure))
                        .hasMessageContaining("holds an object of scala."));
    }

    @Test
    void librariesOfTheEngineAreNobodysJob() throws Exception {
        for (Object library : new Object[] {
            scala.collection.immutable.Nil$.MODULE$,
            ConfigFactory.parseString("a = 1"),
            org.apache.pekko.Done.getInstance()
        }) {
            byte[] bytes = write(library);
            assertThatThrownBy(() -> read(bytes, new DeserializationFilter(type -> true)))
                    .as("%s", library)
                    .satisfies(failure -> assertThat(DeserializationFilter.explain(failure))
                            .hasMessageContaining("neither a class of the job, nor of Sampo"));
        }
    }

    @Test
    void anotherFailureIsExplainedToo() {
        assertThatThrownBy(() -> read(new byte[] {1, 2, 3, 4}, true))
                .satisfies(failure -> assertThat(DeserializationFilter.explain(failure))
                        .returns(ErrorCode.JOB_NOT_SERIALIZABLE, SampoException::code)
                        .hasMessageStartingWith("A function of the job cannot be deserialized: java.io.Stream"));
    }

    private static byte[] write(Object object) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        }
        return bytes.toByteArray();
    }

    private static Object read(byte[] bytes, boolean ownClasses) throws IOException, ClassNotFoundException {
        return read(
                bytes,
                new DeserializationFilter(type ->
                        ownClasses && type.getClassLoader() == DeserializationFilterTest.class.getClassLoader()));
    }

    private static Object read(byte[] bytes, DeserializationFilter filter) throws IOException, ClassNotFoundException {
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
            in.setObjectInputFilter(filter);
            return in.readObject();
        }
    }
}
