package dev.sampo.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Values of one kind, for their percentiles. */
final class Samples {
    private final List<Double> values = new ArrayList<>();

    void add(double value) {
        values.add(value);
    }

    int size() {
        return values.size();
    }

    /**
     * Returns the smallest value that is not below a share of all.
     *
     * @param share more than 0, at most 1
     * @throws IllegalStateException when there is no value
     */
    double percentile(double share) {
        if (values.isEmpty()) {
            throw new IllegalStateException("no values; expected at least one");
        }
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get((int) Math.ceil(share * sorted.size()) - 1);
    }

    double median() {
        return percentile(0.5);
    }
}
