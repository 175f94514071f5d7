package dev.sampo.it;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** Text of made words, some far more frequent than others, the same for the same seed. */
final class MadeText {
    private static final int VOCABULARY = 20_000;
    private static final int LINE_WORDS = 12;

    private MadeText() {}

    /** Writes files of lines into a new directory. */
    static Path write(Path directory, long seed, int files, int bytesPerFile) throws IOException {
        Files.createDirectory(directory);
        Random random = new Random(seed);
        for (int file = 0; file < files; file++) {
            try (BufferedWriter out = Files.newBufferedWriter(directory.resolve("text-" + file + ".txt"))) {
                for (int written = 0; written < bytesPerFile; ) {
                    StringBuilder line = new StringBuilder();
                    for (int word = 0; word < LINE_WORDS; word++) {
                        // the square makes small numbers frequent
                        double chance = random.nextDouble();
                        line.append(word == 0 ? "" : " ")
                                .append(Integer.toString((int) (chance * chance * VOCABULARY), Character.MAX_RADIX));
                    }
                    out.append(line.append('\n'));
                    written += line.length();
                }
            }
        }
        return directory;
    }
}
