package dev.sampo.internal.client;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Packs a directory of classes into a jar. The same files make the same bytes, whenever and in whatever order. */
final class DirectoryJar {
    /** The first moment a zip file can tell; the time zone has no part in it. */
    private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

    private DirectoryJar() {}

    static void write(Path directory, OutputStream out) throws IOException {
        Map<String, Path> files = new TreeMap<>();
        try (Stream<Path> found = Files.walk(directory)) {
            List<Path> regular = found.filter(Files::isRegularFile).toList();
            String separator = directory.getFileSystem().getSeparator();
            regular.forEach(
                    file -> files.put(directory.relativize(file).toString().replace(separator, "/"), file));
        }
        ZipOutputStream zip = new ZipOutputStream(out);
        for (Map.Entry<String, Path> file : files.entrySet()) {
            ZipEntry entry = new ZipEntry(file.getKey());
            entry.setTimeLocal(TIME);
            zip.putNextEntry(entry);
            Files.copy(file.getValue(), zip);
            zip.closeEntry();
        }
        zip.finish();
    }
}
