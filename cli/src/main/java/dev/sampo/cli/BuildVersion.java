package dev.sampo.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** Reads the version that the build wrote into the jar. */
final class BuildVersion implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {"sampo " + version()};
    }

    private static String version() {
        Properties build = new Properties();
        try (InputStream in = BuildVersion.class.getResourceAsStream("version.properties")) {
            if (in == null) {
                throw new IllegalStateException("version.properties is not on the class path; expected in the jar");
            }
            build.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException("version.properties cannot be read; expected in the jar", e);
        }
        return build.getProperty("version");
    }
}
