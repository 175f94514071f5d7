package dev.sampo.internal.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version of the engine, from a resource that the build fills in, so that it survives shading. */
public final class EngineVersion {
    private EngineVersion() {}

    /** Returns the version. */
    public static String current() {
        Properties properties = new Properties();
        try (InputStream in = EngineVersion.class.getResourceAsStream("version.properties")) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version");
    }
}
