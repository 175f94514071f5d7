package dev.sampo.cli;

import dev.sampo.api.JobResult;
import dev.sampo.api.OutputPart;
import dev.sampo.api.Pair;
import dev.sampo.api.StageCounters;
import dev.sampo.io.TextOutput;
import dev.sampo.spi.RecordWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Reports a job that succeeded, for people. */
final class TextReport {
    private static final List<String> HEAD = List.of(
            "stage",
            "tasks",
            "attempts",
            "failed",
            "records in",
            "bytes in",
            "records out",
            "bytes out",
            "spills",
            "skipped");

    private TextReport() {}

    /** Prints collected records as lines {@code key<TAB>value}, in the bytes that a text output would write. */
    static void records(OutputStream out, JobResult<?, ?> result) throws IOException {
        RecordWriter<Object, Object> lines = TextOutput.to(".").open(out);
        try (Stream<? extends Pair<?, ?>> records = result.records()) {
            for (Iterator<? extends Pair<?, ?>> each = records.iterator(); each.hasNext(); ) {
                Pair<?, ?> pair = each.next();
                lines.write(pair.first(), pair.second());
            }
        }
        lines.close();
    }

    /** Prints what the job did. */
    static void summary(PrintStream err, String name, String output, JobResult<?, ?> result) {
        long records = result.parts().stream().mapToLong(OutputPart::records).sum();
        err.printf(
                Locale.ROOT,
                "%s: %.1f s%s%n",
                name,
                result.duration().toMillis() / 1000.0,
                result.parts().isEmpty()
                        ? ""
                        : ", " + records + " records in " + result.parts().size()
                                + (result.parts().size() == 1 ? " part" : " parts")
                                + (output.isEmpty() ? "" : " in " + output));
        row(err, HEAD);
        for (StageCounters stage : result.counters().stages()) {
            row(
                    err,
                    List.of(
                            stage.stage(),
                            text(stage.tasks()),
                            text(stage.attempts()),
                            text(stage.failedAttempts()),
                            text(stage.recordsIn()),
                            text(stage.bytesIn()),
                            text(stage.recordsOut()),
                            text(stage.bytesOut()),
                            text(stage.spills()),
                            text(stage.skipped())));
        }
        result.counters().user().forEach((counter, value) -> err.println(counter + ": " + value));
    }

    private static String text(long number) {
        return Long.toString(number);
    }

    private static void row(PrintStream err, List<String> cells) {
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-10s", cells.get(0)));
        for (int i = 1; i < cells.size(); i++) {
            int width = i <= 3 || i >= 8 ? 9 : 14;
            line.append(String.format(Locale.ROOT, "%" + width + "s", cells.get(i)));
        }
        err.println(line);
    }
}
