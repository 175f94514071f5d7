package dev.sampo.internal.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How results are committed.
 *
 * @param manifestSchemes the URI schemes, in lower case, of file systems on which a rename is a copy: there the manifest
 *     alone says which files are the result
 */
public record OutputSettings(Set<String> manifestSchemes) {
    /** Copies the set. */
    public OutputSettings {
        manifestSchemes = Set.copyOf(manifestSchemes);
    }

    static OutputSettings from(ConfigReader reader) {
        return new OutputSettings(
                Arrays.stream(reader.string("manifest-schemes").split(","))
                        .map(scheme -> scheme.strip().toLowerCase(Locale.ROOT))
                        .filter(scheme -> !scheme.isEmpty() && !scheme.equals("none"))
                        .collect(Collectors.toUnmodifiableSet()));
    }
}
