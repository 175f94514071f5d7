package dev.sampo.internal.security;

import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.File;
import java.io.ObjectInputFilter;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Lets the functions of a job be deserialized, and nothing that could be made to do something else on the way. It is a
 * list of what is allowed, because a list of dangerous classes is never complete: the job's own classes, those of Sampo,
 * and classes of the JDK that only hold data. It also bounds depth, arrays and size.
 *
 * <p>Containers of the JDK call {@code hashCode}, {@code equals} and comparators of what they hold, and a serialized lambda
 * calls the class that it was written in; both are classes this filter has let in, so that code of the job runs, which
 * would run anyway, and nothing else.
 *
 * <p>A refusal arrives as {@link java.io.InvalidClassException}, whose cause names the class and the reason; see {@link
 * #explain}. Holds no state; safe for many threads.
 */
public final class DeserializationFilter implements ObjectInputFilter {
    private static final int MOST_DEPTH = 200;
    private static final int MOST_ARRAY = 64 << 20;
    private static final long MOST_REFERENCES = 10_000_000;
    private static final long MOST_BYTES = 256L << 20;

    private static final String SAMPO = "dev.sampo.";
    /** Packages of the JDK whose serializable classes only hold data. */
    private static final Set<String> DATA_PACKAGES = Set.of(
            "java.lang",
            "java.math",
            "java.text",
            "java.time",
            "java.time.chrono",
            "java.time.temporal",
            "java.time.zone",
            "java.util",
            "java.util.concurrent",
            "java.util.concurrent.atomic",
            "java.util.regex");
    /** Classes of other packages that only hold data; not {@code URL}, which asks the network to compare. */
    private static final Set<String> DATA_CLASSES =
            Set.of(SerializedLambda.class.getName(), File.class.getName(), URI.class.getName());

    /**
     * Libraries of the engine: on its class path, as the application's classes are, but nobody's job. Links of known
     * chains are among classes like these. A job that ships its own copy of one may use that.
     */
    private static final List<String> LIBRARIES = List.of(
            "ch.qos.logback.",
            "com.fasterxml.jackson.databind.node.POJONode",
            "com.typesafe.",
            "io.netty.",
            "org.apache.pekko.",
            "scala.");

    /** Arrays of containers are larger than what is in them, up to this many times. */
    private static final int SPARE_OF_CONTAINERS = 8;

    private static final int SMALL_ARRAY = 4096;

    private final Predicate<Class<?>> isJobClass;
    private final long mostElements;

    /**
     * Creates a filter of a stream whose length is not known.
     *
     * @param isJobClass says which classes are the job's own; in an embedded engine those of the application
     */
    public DeserializationFilter(Predicate<Class<?>> isJobClass) {
        this(isJobClass, MOST_ARRAY);
    }

    /**
     * Creates a filter.
     *
     * @param isJobClass says which classes are the job's own; in an embedded engine those of the application
     * @param streamBytes the length of the stream: no honest array in it has many more elements
     */
    public DeserializationFilter(Predicate<Class<?>> isJobClass, long streamBytes) {
        this.isJobClass = isJobClass;
        this.mostElements = Math.min(MOST_ARRAY, SMALL_ARRAY + SPARE_OF_CONTAINERS * streamBytes);
    }

    /**
     * Decides about a class, or a size.
     *
     * @throws SampoException {@link ErrorCode#JOB_NOT_SERIALIZABLE} instead of a bare rejection, so that it has a reason
     */
    @Override
    public Status checkInput(FilterInfo info) {
        requireAtMost("objects nested", info.depth(), MOST_DEPTH);
        requireAtMost("references", info.references(), MOST_REFERENCES);
        requireAtMost("bytes", info.streamBytes(), MOST_BYTES);
        requireAtMost("elements of an array", info.arrayLength(), mostElements);
        Class<?> type = info.serialClass();
        if (type == null) {
            return Status.UNDECIDED;
        }
        requireAllowed(type);
        return Status.ALLOWED;
    }

    /**
     * Returns the error of a failed deserialization that a user can act on.
     *
     * @param failure what reading the objects threw
     */
    public static SampoException explain(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SampoException known) {
                return known;
            }
        }
        return new SampoException(
                ErrorCode.JOB_NOT_SERIALIZABLE,
                "A function of the job cannot be deserialized: " + failure + "; expected serializable functions whose"
                        + " classes are the same everywhere",
                failure);
    }

    private static void requireAtMost(String what, long found, long most) {
        if (found > most) {
            throw refusal("has " + found + " " + what + "; expected at most " + most);
        }
    }

    private void requireAllowed(Class<?> type) {
        Class<?> element = type;
        while (element.isArray()) {
            element = element.getComponentType();
        }
        if (Proxy.isProxyClass(element)) {
            throw refusal("holds a dynamic proxy, " + element.getName()
                    + ", which can be made to call anything; expected a" + " class or a lambda");
        }
        if (!isAllowed(element)) {
            throw refusal("holds an object of " + element.getName()
                    + ", which is neither a class of the job, nor of Sampo, nor a"
                    + " data class of the JDK; expected to find only those: make the field transient, or create"
                    + " the object in open()");
        }
    }

    private boolean isAllowed(Class<?> type) {
        return type.isPrimitive()
                || type.getName().startsWith(SAMPO)
                || DATA_PACKAGES.contains(type.getPackageName())
                || DATA_CLASSES.contains(type.getName())
                || (isJobClass.test(type) && !isOfTheEngine(type));
    }

    private static boolean isOfTheEngine(Class<?> type) {
        return type.getClassLoader() == DeserializationFilter.class.getClassLoader()
                && LIBRARIES.stream().anyMatch(type.getName()::startsWith);
    }

    private static SampoException refusal(String problem) {
        return new SampoException(ErrorCode.JOB_NOT_SERIALIZABLE, "A function of the job " + problem);
    }
}
