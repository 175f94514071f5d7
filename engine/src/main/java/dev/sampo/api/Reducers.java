package dev.sampo.api;

/** Reducers that many jobs need. */
public final class Reducers {
    private Reducers() {}

    /** Emits each key with the sum of its values. */
    public static <K> Reducer<K, Long, K, Long> sumLong() {
        return (key, values, out) -> {
            long sum = 0;
            for (long value : values) {
                sum = Math.addExact(sum, value);
            }
            out.emit(key, sum);
        };
    }

    /** Emits every key with every one of its values, unchanged. */
    public static <K, V> Reducer<K, V, K, V> identity() {
        return (key, values, out) -> {
            for (V value : values) {
                out.emit(key, value);
            }
        };
    }

    /** Emits each key with all its values folded by {@code combiner}. */
    public static <K, V> Reducer<K, V, K, V> combining(Combiner<V> combiner) {
        return (key, values, out) -> {
            var rest = values.iterator();
            V folded = rest.next();
            while (rest.hasNext()) {
                folded = combiner.combine(folded, rest.next());
            }
            out.emit(key, folded);
        };
    }
}
