package dev.sampo.deploy;

import dev.sampo.api.Emitter;
import dev.sampo.api.JobProgram;
import dev.sampo.api.JobSpec;
import dev.sampo.api.Reducer;
import dev.sampo.api.TaskContext;
import dev.sampo.api.Values;
import dev.sampo.examples.wordcount.WordMapper;
import dev.sampo.io.Codecs;
import dev.sampo.io.Text;
import dev.sampo.io.TextInput;
import dev.sampo.io.TextOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/** A word count from a jar of its own, whose reduce tasks wait until a file exists; its arguments: input, output, gate. */
public final class HeldWordCount implements JobProgram {
    private static final int PARTITIONS = 4;

    /** Writes the jar. */
    static void jar(Path jar) throws IOException {
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file)) {
            for (Class<?> each : List.of(HeldWordCount.class, HeldSum.class, WordMapper.class)) {
                String entry = each.getName().replace('.', '/') + ".class";
                out.putNextEntry(new JarEntry(entry));
                try (InputStream in = HeldWordCount.class.getResourceAsStream('/' + entry)) {
                    if (in == null) {
                        throw new IllegalStateException(entry + " is not on the class path");
                    }
                    in.transferTo(out);
                }
            }
        }
    }

    @Override
    public JobSpec<?, ?> create(List<String> arguments) {
        return JobSpec.named("held-word-count")
                .read(TextInput.from(arguments.get(0)))
                .map(Codecs.TEXT, Codecs.LONG, new WordMapper())
                .partitions(PARTITIONS)
                .reduce(Codecs.TEXT, Codecs.LONG, new HeldSum(arguments.get(2)))
                .writeTo(TextOutput.to(arguments.get(1)))
                .withoutSpeculation();
    }

    private record HeldSum(String gate) implements Reducer<Text, Long, Text, Long> {
        private static final long serialVersionUID = 1;
        private static final long POLL_MILLIS = 50;

        @Override
        public void open(TaskContext context) throws InterruptedException {
            // there is no other sign between containers than a file that both see
            while (!Files.exists(Path.of(gate))) {
                Thread.sleep(POLL_MILLIS);
            }
        }

        @Override
        public void reduce(Text key, Values<Long> values, Emitter<Text, Long> out) throws Exception {
            long sum = 0;
            for (long value : values) {
                sum += value;
            }
            out.emit(key, sum);
        }
    }
}
