package dev.sampo.benchmarks;

import com.typesafe.config.ConfigFactory;
import dev.sampo.Sampo;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** An embedded engine of two slots in a process of its own. Reads jobs from its input, one a line, and says when one is done. */
final class EmbeddedRunner {
    static final String DONE = "done";

    private EmbeddedRunner() {}

    /** Runs jobs until the input ends. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        PrintStream answers = System.out;
        System.setOut(System.err); // what is logged is no answer
        try (Sampo engine =
                        Sampo.local(ConfigFactory.parseMap(Map.of("sampo.slots", 2, "sampo.temp-dir", arguments[0])));
                BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.split("\t", -1);
                engine.submit(Jobs.valueOf(words[0]).of(Path.of(words[1]), Path.of(words[2])))
                        .await();
                answers.println(DONE);
            }
        }
    }
}
