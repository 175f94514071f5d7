package dev.sampo.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a shell in place of the node: how its end is judged, and when it is started again. */
class WorkerParentTest {
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    private final List<String> deaths = new ArrayList<>();

    @TempDir
    Path folder;

    @Test
    void waitsLongerAfterEachShortLifeAndNotAfterALongOne() {
        BackOff backOff = new BackOff();
        List<Long> waits = new ArrayList<>();
        for (int life = 0; life < 8; life++) {
            waits.add(backOff.after(Duration.ofSeconds(2)).toSeconds());
        }
        assertThat(waits).containsExactly(0L, 1L, 2L, 4L, 8L, 16L, 30L, 30L);
        assertThat(backOff.after(Duration.ofMinutes(1))).isEqualTo(Duration.ZERO);
        assertThat(backOff.after(Duration.ofSeconds(1))).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void doesNotStartAgainWhatEndedForGood() throws Exception {
        for (int code : List.of(0, 2, 3, 130, 143)) {
            assertThat(run("echo life >>lives; exit " + code)).isEqualTo(code);
        }
        assertThat(folder.resolve("lives")).hasContent("life\nlife\nlife\nlife\nlife");
        assertThat(said.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void startsADeadNodeAgainWithThePortItHad() throws Exception {
        // a member on its first life, which is killed; the second cannot join for a while, and the third is told to end
        int code = run("""
                echo "$@" >>lives
                case $(wc -l <lives) in
                1) printf 'address=10.0.0.7:4711\\nnode=life-1\\nseed-data=10.0.0.1:9\\n' >report; kill -9 $$ ;;
                2) exit 3 ;;
                *) exit 0 ;;
                esac
                """);
        assertThat(code).isZero();
        assertThat(deaths).containsExactly("10.0.0.7:4711 life-1 exit code 137");
        String report = "--parent-report=" + folder.resolve("report");
        assertThat(folder.resolve("lives"))
                .hasContent(report + " --slots 2\n" + report + " --parent-port=4711 --slots 2\n" + report
                        + " --parent-port=4711 --slots 2");
        assertThat(said.toString(StandardCharsets.UTF_8)).isEqualTo("""
                        sampo worker: the node at 10.0.0.7:4711 died with exit code 137; starts it again
                        sampo worker: the node died with exit code 3; starts it again in 1 s
                        """);
    }

    private int run(String script) throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("node.sh"), "cd " + folder + "\n" + script);
        AtomicLong clock = new AtomicLong();
        WorkerParent parent = new WorkerParent(
                List.of("sh", file.toString()),
                List.of("--slots", "2"),
                new PrintStream(said, true, StandardCharsets.UTF_8),
                () -> clock.addAndGet(1_000_000),
                (last, why) -> deaths.add(last.address() + " " + last.node() + " " + why));
        return parent.run(folder.resolve("report"));
    }
}
