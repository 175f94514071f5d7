package dev.sampo.internal.runtime;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * What a node tells the process that started it, in a file: where it is, so that the next life is there again. Uses
 * nothing but the JDK, for the reader is a very small process.
 *
 * @param address the address of a node that is a member, as {@code host:port}
 * @param node the life of the node that the coordinator knows; empty until there is one
 * @param seedData where the coordinator takes notices, as {@code host:port}; empty until it is known
 * @param uid the number that tells this life of the member from others at its address
 */
public record NodeReport(String address, String node, String seedData, long uid) {
    /** Returns the port of the address. */
    public int port() {
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    /** Returns the report in a file, or null when there is none. */
    public static @Nullable NodeReport read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return null;
        }
        Properties fields = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            fields.load(reader);
        }
        return new NodeReport(
                fields.getProperty("address"),
                fields.getProperty("node", ""),
                fields.getProperty("seed-data", ""),
                Long.parseLong(fields.getProperty("uid", "0")));
    }

    /** Writes the report, so that a reader sees the old or the new one. */
    void write(Path file) throws IOException {
        Properties fields = new Properties();
        fields.setProperty("address", address);
        fields.setProperty("node", node);
        fields.setProperty("seed-data", seedData);
        fields.setProperty("uid", String.valueOf(uid));
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try (Writer writer = Files.newBufferedWriter(fresh)) {
            fields.store(writer, null);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
