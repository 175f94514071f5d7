package dev.sampo.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Runs the programs on next to nothing: what they print is looked at, not how fast they are. */
class ClusterBenchTest {
    @Tag("slow")
    @Test
    void aClusterOfProcessesRunsItsTasksAndIsMeasured() {
        String printed = run(new TasksCommand(), "--tasks", "40", "--workers", "1", "--heap", "128m");
        assertThat(printed).containsPattern("40 tasks: [0-9.]+ s, [0-9]+ tasks/s; map stage");
        assertThat(printed).contains("  seed: processor").contains("  worker-1: processor");
    }

    @Test
    void keysThatMoveAreCountedAgainstTheIdeal() {
        String printed = run(new MovementCommand(), "--keys", "20000", "--rounds", "3");
        Matcher figures = Pattern.compile("median ([0-9.]+), worst ([0-9.]+) of 3; moved to another node: 0")
                .matcher(printed);
        assertThat(figures.find()).as(printed).isTrue();
        assertThat(Double.parseDouble(figures.group(1))).isBetween(0.7, 1.3);
    }

    @Test
    void aPercentileIsOneOfTheValues() {
        Samples samples = new Samples();
        for (int value = 20; value > 0; value--) {
            samples.add(value);
        }
        assertThat(samples.median()).isEqualTo(10);
        assertThat(samples.percentile(0.95)).isEqualTo(19);
        assertThat(samples.percentile(1)).isEqualTo(20);
    }

    @Test
    void sizesAreDoubledWithTheirUnit() {
        assertThat(CompareCommand.doubled("256m")).isEqualTo("512m");
    }

    private static String run(Object command, String... arguments) {
        StringWriter out = new StringWriter();
        CommandLine line = new CommandLine(command);
        line.setOut(new PrintWriter(out, true));
        assertThat(line.execute(arguments)).isZero();
        return out.toString();
    }
}
