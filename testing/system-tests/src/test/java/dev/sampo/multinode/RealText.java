package dev.sampo.multinode;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;

/**
 * Text that people wrote, in any amount: the prose of all {@code reference.conf} files on the class path, over and over,
 * with every eleventh word of a line marked by the round, so that the number of different words grows with the text.
 */
final class RealText {
    private static final int MARKED = 11;

    private RealText() {}

    /** Writes at least so many bytes; the same on every call with the same class path. */
    static void write(Path file, long bytes) throws IOException {
        List<String> lines = prose();
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            long written = 0;
            for (int round = 0; written < bytes; round++) {
                for (String line : lines) {
                    byte[] text = (marked(line, round) + "\n").getBytes(StandardCharsets.UTF_8);
                    out.write(text);
                    written += text.length;
                }
            }
        }
    }

    private static String marked(String line, int round) {
        String[] words = line.split(" ");
        for (int i = MARKED - 1; i < words.length; i += MARKED) {
            words[i] = words[i] + "#" + round;
        }
        return String.join(" ", words);
    }

    private static List<String> prose() throws IOException {
        // by name: the order of a class path must not matter
        TreeMap<String, List<String>> files = new TreeMap<>();
        for (URL resource : Collections.list(RealText.class.getClassLoader().getResources("reference.conf"))) {
            try (InputStream in = resource.openStream()) {
                String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                files.put(resource.toString(), text.lines().toList());
            }
        }
        List<String> all = new ArrayList<>();
        files.values().forEach(all::addAll);
        return all;
    }
}
