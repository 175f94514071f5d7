package dev.sampo.seed.http;

import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A path with places for values, such as {@code /v1/jobs/{id}}. A value is one segment; what it may be is for the handler
 * to check.
 */
final class PathTemplate {
    private final String text;
    private final List<String> segments;

    private PathTemplate(String text, List<String> segments) {
        this.text = text;
        this.segments = segments;
    }

    static PathTemplate of(String text) {
        return new PathTemplate(text, List.of(text.substring(1).split("/")));
    }

    /** Returns the values by name when the decoded segments of a path fit; empty when not. */
    Optional<Map<String, String>> match(List<String> path) {
        if (path.size() != segments.size()) {
            return Optional.empty();
        }
        Map<String, String> values = new HashMap<>();
        Iterator<String> actual = path.iterator();
        for (String segment : segments) {
            String value = actual.next();
            if (segment.startsWith("{")) {
                values.put(segment.substring(1, segment.length() - 1), value);
            } else if (!segment.equals(value)) {
                return Optional.empty();
            }
        }
        return Optional.of(values);
    }

    @Override
    public String toString() {
        return text;
    }
}
