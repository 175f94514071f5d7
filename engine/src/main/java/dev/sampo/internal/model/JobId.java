package dev.sampo.internal.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.io.Serializable;
import java.util.regex.Pattern;

/**
 * The identity of a job in its cluster. Part of file names and actor names.
 *
 * @param value 1 to 100 letters, digits, dots, hyphens and underscores, the first a letter or digit
 */
public record JobId(@JsonValue String value) implements Serializable, Comparable<JobId> {
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    /** Checks the form. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public JobId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("job id '" + value + "'; expected " + FORM.pattern());
        }
    }

    @Override
    public int compareTo(JobId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
