package dev.sampo;

import com.typesafe.config.ConfigFactory;
import dev.sampo.api.Counters;
import dev.sampo.api.Emitter;
import dev.sampo.api.JobSpec;
import dev.sampo.api.Mapper;
import dev.sampo.api.Reducer;
import dev.sampo.api.Values;
import dev.sampo.io.Codecs;
import dev.sampo.io.Text;
import dev.sampo.io.TextInput;
import dev.sampo.io.TextOutput;
import java.nio.file.Path;

/** Sorts the lines of a file, with the engine's defaults: arguments are the file and the directory of the result. */
final class SortLines {
    private SortLines() {}

    public static void main(String[] args) throws InterruptedException {
        JobSpec<Text, Text> job = JobSpec.named("sort")
                .read(TextInput.from(args[0]))
                .map(Codecs.TEXT, Codecs.TEXT, new Lines())
                .partitionByRange()
                .reduce(Codecs.TEXT, Codecs.TEXT, new Occurrences())
                .writeTo(TextOutput.to(Path.of(args[1])).keysOnly());
        try (Sampo engine = Sampo.local(ConfigFactory.parseString("sampo.temp-dir = \"" + args[2] + "\""));
                var result = engine.submit(job).await()) {
            Counters counters = result.counters();
            counters.stages().forEach(System.out::println);
            System.out.println(result.duration());
        }
    }

    private static final class Lines implements Mapper<Text, Text, Text> {
        private static final long serialVersionUID = 1;

        private final Text nothing = new Text();

        @Override
        public void map(Text line, Emitter<Text, Text> out) {
            out.emit(line, nothing);
        }
    }

    private static final class Occurrences implements Reducer<Text, Text, Text, Text> {
        private static final long serialVersionUID = 1;

        @Override
        public void reduce(Text line, Values<Text> occurrences, Emitter<Text, Text> out) {
            for (Text nothing : occurrences) {
                out.emit(line, nothing);
            }
        }
    }
}
