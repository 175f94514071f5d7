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
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.List;
import java.util.concurrent.TimeUnit;
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

        @Override
        public void open(TaskContext context) throws IOException, InterruptedException {
            // there is no other sign between containers than a file that both see
            Path file = Path.of(gate);
            try (WatchService watch = file.getFileSystem().newWatchService()) {
                WatchKey key = file.resolveSibling(".").register(watch, StandardWatchEventKinds.ENTRY_CREATE);
                while (!Files.exists(file)) {
                    watch.poll(1, TimeUnit.SECONDS);
                    key.reset();
                }
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
