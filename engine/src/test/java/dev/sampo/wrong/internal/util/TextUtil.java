package dev.sampo.wrong.internal.util;

import java.util.concurrent.ConcurrentHashMap;

/** Wrong: in no row's package, a name and a package that say nothing, static mutable state. */
public final class TextUtil {
    static final ConcurrentHashMap<String, String> CACHE = new ConcurrentHashMap<>();

    static int calls;

    private TextUtil() {}
}
