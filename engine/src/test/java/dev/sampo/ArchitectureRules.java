package dev.sampo;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.junit.platform.commons.annotation.Testable;

/**
 * The engine's architecture as rules over the packages below one root. {@link ArchitectureTest} holds the engine to
 * them; {@link ArchitectureRulesTest} shows, on packages made to be wrong, that each rule can fail.
 *
 * <p>There is no exception list: code that a rule refuses is moved, or the rule is changed together with the design.
 */
final class ArchitectureRules {
    /** The shared library set of one row of the import table. */
    private enum Library {
        JACKSON_ANNOTATIONS("com.fasterxml.jackson.annotation.."),
        JACKSON_DATABIND("com.fasterxml.jackson.core..", "com.fasterxml.jackson.databind.."),
        HOCON("com.typesafe.config.."),
        LZ4("net.jpountz.."),
        MICROMETER("io.micrometer.."),
        NETTY("io.netty.."),
        /** Scala's types are part of Pekko's signatures. */
        PEKKO("org.apache.pekko..", "scala.."),
        PEKKO_ACTOR_REF("org.apache.pekko.actor.typed.ActorRef"),
        SLF4J("org.slf4j.."),
        /** The JDK's own, for those who may use the security package. */
        TLS("javax.net..", "javax.crypto..", "javax.security.auth.."),
        ZSTD("com.github.luben.zstd.."),
        ANY("..");

        private final List<String> names;

        Library(String... names) {
            this.names = List.of(names);
        }

        boolean has(JavaClass type) {
            return names.stream()
                    .anyMatch(
                            name -> name.endsWith("..") ? resideInAPackage(name).test(type) : isOrIsIn(type, name));
        }

        private static boolean isOrIsIn(JavaClass type, String name) {
            return type.getName().equals(name) || type.getName().startsWith(name + "$");
        }
    }

    /** What one package may import beside java.* and JSpecify. */
    private record Row(String name, Set<String> sampo, Set<Library> libraries) {}

    private static final String ROOT_PACKAGE = "";

    private static final Pattern TEST_NAME = Pattern.compile(".*(Test|IT)");

    private final String root;
    private final Map<String, Row> table = new LinkedHashMap<>();

    /**
     * The rules for the packages below {@code root}.
     *
     * @param root the package that stands for {@code dev.sampo}
     */
    ArchitectureRules(String root) {
        this.root = root;
        // The table of docs/design: one line a row, a new package gets its line here.
        row("spi", "");
        row("api", "spi");
        row("io", "api spi", Library.ZSTD);
        row("internal.model", "api spi", Library.JACKSON_ANNOTATIONS);
        row("internal.config", "spi", Library.HOCON);
        row("internal.observe", "model api spi", Library.SLF4J, Library.MICROMETER);
        row("internal.fault", "model api spi observe", Library.SLF4J);
        row("internal.plan", "model api spi config");
        row("internal.schedule", "plan model api spi config");
        row("internal.protocol", "model api spi", Library.PEKKO_ACTOR_REF, Library.JACKSON_ANNOTATIONS);
        row("internal.security", "model spi config", Library.SLF4J, Library.NETTY, Library.TLS);
        row("internal.transfer", "model spi config observe fault security", Library.NETTY, Library.SLF4J, Library.TLS);
        row("internal.blob", "transfer protocol model spi config observe fault security", Library.PEKKO, Library.SLF4J);
        row("internal.cluster", "protocol model spi config observe fault", Library.PEKKO, Library.SLF4J);
        row(
                "internal.coordinate",
                "schedule plan cluster blob protocol model api spi config observe fault",
                Library.PEKKO,
                Library.SLF4J);
        row("internal.output", "model spi config fault", Library.SLF4J, Library.JACKSON_DATABIND);
        row(
                "internal.shuffle",
                "transfer protocol model api spi config observe fault security",
                Library.PEKKO,
                Library.NETTY,
                Library.LZ4,
                Library.SLF4J,
                Library.TLS);
        row(
                "internal.execute",
                "shuffle transfer output blob protocol cluster model api spi config observe fault security",
                Library.PEKKO,
                Library.SLF4J);
        row(
                "internal.client",
                "protocol blob transfer model api spi config observe security",
                Library.PEKKO,
                Library.JACKSON_DATABIND,
                Library.SLF4J,
                Library.TLS);
        row(
                "internal.runtime",
                "io client execute shuffle transfer output coordinate cluster blob security protocol schedule plan fault observe"
                        + " config model api spi",
                Library.ANY,
                Library.PEKKO);
        row(ROOT_PACKAGE, "api spi client runtime", Library.HOCON);
    }

    private void row(String name, String sampo, Library... libraries) {
        table.put(
                name, new Row(name, Set.copyOf(Arrays.asList(sampo.split(" "))), Set.copyOf(Arrays.asList(libraries))));
    }

    /** The packages of the import table, relative to the root; the root itself is the empty name. */
    Collection<String> packages() {
        return table.keySet();
    }

    ArchRule everyClassIsInAListedPackage() {
        return classes()
                .should(check(
                        "be in a package of the import table",
                        type -> table.containsKey(relative(type.getPackageName()))
                                ? Stream.empty()
                                : Stream.of(type.getName() + " is in " + type.getPackageName()
                                        + ", which has no row in the import table")))
                .allowEmptyShould(true);
    }

    ArchRule importsOnlyWhatItsRowAllows(String name) {
        Row row = table.get(name);
        if (row == null) {
            throw new IllegalArgumentException("no row for package '" + name + "', there are " + table.keySet());
        }
        return classes()
                .that()
                .resideInAPackage(absolute(name))
                .should()
                .onlyDependOnClassesThat(DescribedPredicate.describe(
                        "its row of the import table allows: " + row.sampo() + " and " + row.libraries(),
                        type -> allows(row, type)))
                .allowEmptyShould(true);
    }

    ArchRule noCyclesBetweenInternalPackages() {
        return slices().matching(absolute("internal.(*).."))
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(true);
    }

    ArchRule controlSideDoesNotImportDataSide() {
        return apart(new String[] {"plan", "schedule", "coordinate"}, new String[] {"execute", "shuffle", "output"});
    }

    ArchRule dataSideDoesNotImportControlSide() {
        return apart(new String[] {"execute", "shuffle", "output"}, new String[] {"plan", "schedule", "coordinate"});
    }

    ArchRule pureCoreDoesNotImportPekko() {
        return noClasses()
                .that()
                .resideInAnyPackage(
                        absolute("api.."),
                        absolute("spi.."),
                        absolute("internal.model.."),
                        absolute("internal.plan.."),
                        absolute("internal.schedule.."))
                .should()
                .dependOnClassesThat(resideInAnyPackage("org.apache.pekko..", "scala.."))
                .allowEmptyShould(true);
    }

    ArchRule publicSignaturesDoNotMentionInternalTypes() {
        return classes()
                .that()
                .resideInAnyPackage(absolute("api.."), absolute("spi.."), absolute("io.."))
                .should(check(
                        "not mention an internal type in a public signature",
                        type -> Stream.concat(
                                Stream.concat(type.getRawSuperclass().stream(), type.getRawInterfaces().stream())
                                        .filter(this::isInternal)
                                        .map(t -> type.getName() + " extends " + t.getName()),
                                type.getMembers().stream()
                                        .filter(ArchitectureRules::isVisible)
                                        .flatMap(member -> member.getAllInvolvedRawTypes().stream()
                                                .filter(this::isInternal)
                                                .map(t -> member.getFullName() + " mentions " + t.getName())))))
                .allowEmptyShould(true);
    }

    ArchRule clocksRandomnessAndWaitsAreRuntimeOnly() {
        return noClasses()
                .that()
                .resideOutsideOfPackages(root, absolute("internal.runtime.."))
                .should()
                .accessTargetWhere(DescribedPredicate.describe(
                        "the target reads a clock, is random, waits, or ends the process: "
                                + "take a time or an InstantSource, a seed, a callback",
                        ArchitectureRules::isImpure))
                .allowEmptyShould(true);
    }

    ArchRule namesSayWhatAClassIs() {
        return noClasses()
                .should()
                .haveSimpleNameEndingWith("Util")
                .orShould()
                .haveSimpleNameEndingWith("Utils")
                .orShould()
                .haveSimpleNameEndingWith("Helper")
                .orShould()
                .haveSimpleNameEndingWith("Impl")
                .orShould()
                .haveSimpleNameEndingWith("NG")
                .allowEmptyShould(true);
    }

    ArchRule noDumpingGroundPackages() {
        return noClasses()
                .should()
                .resideInAnyPackage(absolute("..util.."), absolute("..common.."), absolute("..misc.."))
                .allowEmptyShould(true);
    }

    ArchRule actorsAreClosedAndLiveWhereActorsLive() {
        Set<String> homes = Set.of("client", "cluster", "coordinate", "execute", "shuffle", "runtime");
        return classes()
                .that(DescribedPredicate.describe("are actors", ArchitectureRules::isActor))
                .should(check("be final, with private constructors and no public mutable field, in " + homes, type -> {
                    Stream<String> shape = type.getModifiers().contains(JavaModifier.FINAL)
                            ? Stream.empty()
                            : Stream.of(type.getName() + " is not final");
                    Stream<String> home =
                            homes.stream().anyMatch(h -> type.getPackageName().equals(absolute("internal." + h)))
                                    ? Stream.empty()
                                    : Stream.of(type.getName() + " is an actor outside " + homes);
                    Stream<String> constructors = type.getConstructors().stream()
                            .filter(c -> !c.getModifiers().contains(JavaModifier.PRIVATE))
                            .map(c -> c.getFullName() + " is not private");
                    Stream<String> state = type.getFields().stream()
                            .filter(f -> f.getModifiers().contains(JavaModifier.PUBLIC)
                                    && !f.getModifiers().contains(JavaModifier.FINAL))
                            .map(f -> f.getFullName() + " is public and mutable");
                    return Stream.of(shape, home, constructors, state).flatMap(s -> s);
                }))
                .allowEmptyShould(true);
    }

    ArchRule noStaticMutableState() {
        return fields().that()
                .areStatic()
                .should(new ArchCondition<JavaField>("be final and of a type that does not change") {
                    @Override
                    public void check(JavaField field, ConditionEvents events) {
                        if (field.getModifiers().contains(JavaModifier.SYNTHETIC)) {
                            return;
                        }
                        if (!field.getModifiers().contains(JavaModifier.FINAL)) {
                            events.add(SimpleConditionEvent.violated(
                                    field, field.getFullName() + " is static and not final"));
                        } else if (isMutable(field.getRawType())) {
                            events.add(SimpleConditionEvent.violated(
                                    field,
                                    field.getFullName() + " is static and holds a "
                                            + field.getRawType().getName()));
                        } else if (field.getRawType().isArray()
                                && !field.getModifiers().contains(JavaModifier.PRIVATE)) {
                            events.add(SimpleConditionEvent.violated(
                                    field, field.getFullName() + " is a static array that others can change"));
                        }
                    }
                })
                .allowEmptyShould(true);
    }

    /** For test classes: a class with another name is silently never run. */
    ArchRule testClassesAreNamedSoThatTheyRun() {
        return classes()
                .that(DescribedPredicate.describe("hold tests", ArchitectureRules::holdsTests))
                .should(check(
                        "be named *Test, *SimulationTest, *IT or *MultiNodeIT",
                        type -> TEST_NAME
                                        .matcher(outermost(type).getSimpleName())
                                        .matches()
                                ? Stream.empty()
                                : Stream.of(type.getName() + " holds tests, and no plugin runs a class of that name")))
                .allowEmptyShould(true);
    }

    /** For test classes. */
    ArchRule testsAreJUnit5() {
        return noClasses()
                .should()
                .dependOnClassesThat(resideInAnyPackage("org.junit", "org.junit.runner..", "junit..", "org.testng.."))
                .orShould()
                .dependOnClassesThat(resideInAnyPackage("org.mockito..", "org.easymock.."))
                .allowEmptyShould(true);
    }

    private ArchRule apart(String[] from, String[] to) {
        return noClasses()
                .that()
                .resideInAnyPackage(internal(from))
                .should()
                .dependOnClassesThat(resideInAnyPackage(internal(to)))
                .allowEmptyShould(true);
    }

    private String[] internal(String... names) {
        return Arrays.stream(names).map(n -> absolute("internal." + n + "..")).toArray(String[]::new);
    }

    private boolean allows(Row row, JavaClass used) {
        JavaClass type = used.getBaseComponentType();
        if (type.isPrimitive() || resideInAnyPackage("java..", "org.jspecify..").test(type)) {
            return true;
        }
        // not the JDK's own insides: they differ from one JDK to the next
        if (resideInAnyPackage("jdk..", "sun..", "com.sun..").test(type)) {
            return false;
        }
        if (isOurs(type)) {
            String name = relative(type.getPackageName());
            return name.equals(row.name())
                    || (!name.equals(ROOT_PACKAGE)
                            && row.sampo().contains(name.replaceFirst("^internal\\.", ""))
                            && table.containsKey(name));
        }
        return row.libraries().stream().anyMatch(library -> library.has(type));
    }

    private boolean isInternal(JavaClass type) {
        return resideInAPackage(absolute("internal..")).test(type.getBaseComponentType());
    }

    private boolean isOurs(JavaClass type) {
        return type.getPackageName().equals(root) || type.getPackageName().startsWith(root + ".");
    }

    private String absolute(String name) {
        if (name.equals(ROOT_PACKAGE)) {
            return root;
        }
        return name.startsWith("..") ? root + name : root + "." + name;
    }

    private String relative(String packageName) {
        if (packageName.equals(root)) {
            return ROOT_PACKAGE;
        }
        return packageName.startsWith(root + ".") ? packageName.substring(root.length() + 1) : packageName;
    }

    private static boolean isImpure(JavaAccess<?> access) {
        JavaClass owner = access.getTargetOwner();
        String name = access.getTarget().getName();
        int parameters = access.getTarget() instanceof CodeUnitAccessTarget t
                ? t.getRawParameterTypes().size()
                : 0;
        boolean noArguments = parameters == 0;
        return switch (owner.getName()) {
            case "java.lang.System" ->
                Set.of("currentTimeMillis", "nanoTime", "exit").contains(name);
            case "java.lang.Runtime" -> Set.of("exit", "halt").contains(name);
            case "java.time.Clock" -> name.startsWith("system") || name.startsWith("tick");
            case "java.time.InstantSource" -> name.equals("system");
            case "java.util.Random", "java.util.SplittableRandom" ->
                name.equals(JavaConstructor.CONSTRUCTOR_NAME) && noArguments;
            case "java.security.SecureRandom" ->
                name.equals(JavaConstructor.CONSTRUCTOR_NAME) || name.startsWith("getInstance");
            case "java.util.concurrent.ThreadLocalRandom" -> name.equals("current");
            case "java.lang.Math", "java.lang.StrictMath" -> name.equals("random");
            case "java.util.UUID" -> name.equals("randomUUID");
            case "java.lang.Thread", "java.util.concurrent.TimeUnit" -> name.equals("sleep");
            default ->
                (owner.getPackageName().equals("java.time") && name.equals("now"))
                        || (owner.isAssignableTo(Throwable.class) && name.equals("printStackTrace") && noArguments)
                        || (owner.isAssignableTo(CompletableFuture.class)
                                && Set.of("get", "join").contains(name));
        };
    }

    private static boolean isActor(JavaClass type) {
        return (type.isAssignableTo(AbstractBehavior.class) && !type.isEquivalentTo(AbstractBehavior.class))
                || type.getMethods().stream()
                        .anyMatch(m -> m.getName().equals("create")
                                && m.getModifiers().contains(JavaModifier.STATIC)
                                && m.getRawReturnType().isEquivalentTo(Behavior.class));
    }

    private static boolean isMutable(JavaClass type) {
        boolean concreteContainer =
                !type.isInterface() && (type.isAssignableTo(Collection.class) || type.isAssignableTo(Map.class));
        return concreteContainer
                || type.isAssignableTo(ConcurrentMap.class)
                || type.isAssignableTo(ThreadLocal.class)
                || type.isAssignableTo(StringBuilder.class)
                || type.getPackageName().equals("java.util.concurrent.atomic");
    }

    private static boolean isVisible(JavaMember member) {
        Set<JavaModifier> modifiers = member.getModifiers();
        return (modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED))
                && !modifiers.contains(JavaModifier.SYNTHETIC);
    }

    private static boolean holdsTests(JavaClass type) {
        return type.getMembers().stream()
                .anyMatch(m -> m.isMetaAnnotatedWith(Testable.class)
                        || m.isAnnotatedWith("com.tngtech.archunit.junit.ArchTest"));
    }

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass().map(ArchitectureRules::outermost).orElse(type);
    }

    /** A condition from the sentences that tell what is wrong with a class; none when nothing is. */
    private static ArchCondition<JavaClass> check(String description, Function<JavaClass, Stream<String>> problems) {
        return new ArchCondition<>(description) {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                problems.apply(type).forEach(p -> events.add(SimpleConditionEvent.violated(type, p)));
            }
        };
    }
}
