package dev.sampo.io;

import dev.sampo.api.Pair;
import dev.sampo.spi.ByteWriter;
import dev.sampo.spi.Codec;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.KeyCodec;
import dev.sampo.spi.SampoException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The components of a record class: how to get them, how to encode them, and how to make a record of them. Immutable;
 * found by reflection once per codec, so it is made again rather than serialized.
 */
final class RecordShape<R extends Record> {
    private final Class<R> type;
    private final Framing framing;
    private final String[] names;
    private final MethodHandle[] accessors;
    private final List<Codec<Object>> codecs;
    private final MethodHandle constructor;
    private final int fixedWidth;

    private RecordShape(
            Class<R> type,
            Framing framing,
            String[] names,
            MethodHandle[] accessors,
            List<Codec<Object>> codecs,
            MethodHandle constructor) {
        this.type = type;
        this.framing = framing;
        this.names = names;
        this.accessors = accessors;
        this.codecs = codecs;
        this.constructor = constructor;
        this.fixedWidth = codecs.stream().mapToInt(Codec::fixedWidth).reduce(0, Framing::sumOfWidths);
    }

    /**
     * Returns the shape of a record class.
     *
     * @throws SampoException of {@link ErrorCode#CODEC_UNKNOWN} when a component has a type without a codec, or the
     *     class cannot be reached
     */
    static <R extends Record> RecordShape<R> of(Class<R> type, Framing framing) {
        return of(type, framing, List.of());
    }

    private static <R extends Record> RecordShape<R> of(Class<R> type, Framing framing, List<Class<?>> enclosing) {
        RecordComponent[] components = type.getRecordComponents();
        if (components == null) {
            throw new SampoException(
                    ErrorCode.CODEC_UNKNOWN, "class " + type.getName() + " is not a record class; expected one");
        }
        if (enclosing.contains(type)) {
            throw new SampoException(
                    ErrorCode.CODEC_UNKNOWN,
                    "record " + type.getName() + " contains itself; expected a codec of your own for it");
        }
        List<Class<?>> inside = new ArrayList<>(enclosing);
        inside.add(type);
        String[] names = new String[components.length];
        MethodHandle[] accessors = new MethodHandle[components.length];
        List<Codec<Object>> codecs = new ArrayList<>(components.length);
        Class<?>[] parameters = new Class<?>[components.length];
        for (int i = 0; i < components.length; i++) {
            RecordComponent component = components[i];
            names[i] = component.getName();
            parameters[i] = component.getType();
            codecs.add(componentCodec(type, component, framing, inside));
            accessors[i] = accessor(type, component.getAccessor());
        }
        return new RecordShape<>(type, framing, names, accessors, List.copyOf(codecs), constructor(type, parameters));
    }

    private static MethodHandle accessor(Class<?> type, Method method) {
        try {
            method.setAccessible(true);
            return MethodHandles.lookup().unreflect(method).asType(MethodType.methodType(Object.class, Object.class));
        } catch (IllegalAccessException | InaccessibleObjectException e) {
            throw inaccessible(type, e);
        }
    }

    private static MethodHandle constructor(Class<?> type, Class<?>[] parameters) {
        try {
            Constructor<?> canonical = type.getDeclaredConstructor(parameters);
            canonical.setAccessible(true);
            return MethodHandles.lookup()
                    .unreflectConstructor(canonical)
                    .asSpreader(Object[].class, parameters.length)
                    .asType(MethodType.methodType(Object.class, Object[].class));
        } catch (NoSuchMethodException | IllegalAccessException | InaccessibleObjectException e) {
            throw inaccessible(type, e);
        }
    }

    private static SampoException inaccessible(Class<?> type, Exception cause) {
        return new SampoException(
                ErrorCode.CODEC_UNKNOWN,
                "record " + type.getName() + " cannot be reached by reflection; expected its package to be open to"
                        + " module " + moduleName() + " (opens in module-info.java, or --add-opens)",
                cause);
    }

    private static String moduleName() {
        Module module = RecordShape.class.getModule();
        return module.isNamed() ? module.getName() : "ALL-UNNAMED";
    }

    private static Codec<Object> componentCodec(
            Class<?> owner, RecordComponent component, Framing framing, List<Class<?>> inside) {
        Codec<?> codec = codecOf(component.getGenericType(), framing, inside);
        if (codec == null) {
            throw new SampoException(
                    ErrorCode.CODEC_UNKNOWN,
                    "component " + component.getName() + " of record " + owner.getName() + " has type "
                            + component.getGenericType().getTypeName() + "; expected one of "
                            + DefaultRegistry.KNOWN + ", or a Pair of those");
        }
        // The codec was found by the type of this component, so it meets only values of that type.
        @SuppressWarnings("unchecked")
        Codec<Object> untyped = (Codec<Object>) codec;
        return untyped;
    }

    private static @Nullable Codec<?> codecOf(Type type, Framing framing, List<Class<?>> inside) {
        if (type instanceof ParameterizedType parameterized && parameterized.getRawType() == Pair.class) {
            Type[] arguments = parameterized.getActualTypeArguments();
            Codec<?> first = codecOf(arguments[0], framing, inside);
            Codec<?> second = codecOf(arguments[1], framing, inside);
            if (first == null || second == null) {
                return null;
            }
            return framing == Framing.KEY
                    ? new PairKeyCodec<>((KeyCodec<?>) first, (KeyCodec<?>) second)
                    : new PairCodec<>(first, second);
        }
        if (!(type instanceof Class<?> plain) || plain == Pair.class) {
            return null;
        }
        if (plain.isRecord()) {
            Class<? extends Record> nested = plain.asSubclass(Record.class);
            return framing == Framing.KEY ? keyCodec(nested, inside) : valueCodec(nested, inside);
        }
        return DefaultRegistry.scalar(plain);
    }

    private static <N extends Record> KeyCodec<N> keyCodec(Class<N> nested, List<Class<?>> inside) {
        return new RecordKeyCodec<>(nested, of(nested, Framing.KEY, inside));
    }

    private static <N extends Record> Codec<N> valueCodec(Class<N> nested, List<Class<?>> inside) {
        return new RecordCodec<>(nested, of(nested, Framing.VALUE, inside));
    }

    void encode(R value, ByteWriter out) {
        int last = names.length - 1;
        for (int i = 0; i <= last; i++) {
            Object component = get(i, value);
            Codec<Object> codec = codecs.get(i);
            if (i < last) {
                framing.encode(codec, component, out);
            } else {
                codec.encode(component, out);
            }
        }
    }

    private Object get(int index, R value) {
        Object component;
        try {
            component = (Object) accessors[index].invokeExact((Object) value);
        } catch (Error e) {
            throw e;
        } catch (Throwable e) {
            throw new SampoException(
                    ErrorCode.CODEC_CANNOT_ENCODE,
                    "component " + names[index] + " of record " + type.getName() + " cannot be read",
                    e);
        }
        if (component == null) {
            throw new SampoException(
                    ErrorCode.CODEC_CANNOT_ENCODE,
                    "component " + names[index] + " of record " + type.getName() + " is null; expected a value");
        }
        return component;
    }

    R decode(byte[] bytes, int offset, int length) {
        int limit = offset + length;
        int position = offset;
        int last = names.length - 1;
        Object[] components = new Object[names.length];
        for (int i = 0; i < last; i++) {
            Codec<Object> codec = codecs.get(i);
            int end = framing.end(codec, bytes, position, limit);
            components[i] = framing.decode(codec, bytes, position, end);
            position = end;
        }
        if (last >= 0) {
            components[last] = codecs.get(last).decode(bytes, position, limit - position);
        } else if (length != 0) {
            throw new SampoException(
                    ErrorCode.DATA_CORRUPT,
                    "record " + type.getName() + " without components has " + length + " bytes; expected 0");
        }
        return create(components);
    }

    private R create(Object[] components) {
        try {
            return type.cast((Object) constructor.invokeExact(components));
        } catch (Error e) {
            throw e;
        } catch (Throwable e) {
            throw new SampoException(
                    ErrorCode.DATA_CORRUPT,
                    "the constructor of record " + type.getName() + " refused " + Arrays.toString(components)
                            + "; expected it to accept what its accessors returned",
                    e);
        }
    }

    int fixedWidth() {
        return fixedWidth;
    }
}
