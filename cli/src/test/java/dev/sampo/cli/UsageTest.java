package dev.sampo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampo.cli.CliFixture.Outcome;
import dev.sampo.spi.ErrorCode;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsageTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "                                                       | sampo: no command; expected one of run, submit, jobs, job, cancel, result, nodes, events, drain, certs, token, completion, seed, worker",
                "walk                                                   | sampo: unknown command 'walk'; expected one of run, submit, jobs, job, cancel, result, nodes, events, drain, certs, token, completion, seed, worker",
                "run                                                    | sampo: no job; expected one of word-count, grep, sort,",
                "run word-cuont --input a                               | sampo: unknown job 'word-cuont'; expected one of word-count, grep, sort,",
                "run word-count --output o                              | sampo: no --input; expected --input PATH",
                "run grep --input a --output o                          | sampo: no --pattern; expected --pattern REGEX",
                "run grep --pattern ( --input a --output o              | sampo: pattern '(': Unclosed group at character 1; expected a regular",
                "run word-count --input a --output o --partitions 0     | sampo: invalid value for option '--partitions': '0'; expected a whole number",
                "run word-count --input a --output o --partitions many  | sampo: invalid value for option '--partitions': 'many'; expected a whole",
                "run top-n --n -1 --input a --output o                  | sampo: invalid value for option '--n': '-1'; expected a whole number",
                "run sort --format xml --input a --output o             | sampo: invalid value for option '--format': 'xml'; expected one of text, records",
                "run sort --input a --output o --sideways               | sampo: unknown option or argument --sideways; expected one of --output,",
                "run --jar a.jar                                        | sampo: --jar without --class; expected both --jar FILE and --class NAME",
                "submit --ship-input sort --format records --input a --output o | sampo: --ship-input with --format records; expected",
                "submit --ship-input --jar a.jar --class A              | sampo: --ship-input with --jar; expected a job that ships",
                "run --class A                                          | sampo: --class without --jar; expected both --jar FILE and --class NAME"
            })
    void saysWhatIsWrongAndWhatWasExpected(String args, String message) {
        Outcome outcome = CliFixture.run(args == null ? new String[0] : args.split(" +"));
        assertThat(outcome.err()).startsWith(message).doesNotContain("\tat ");
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.exitCode()).isEqualTo(ExitCode.USAGE.number());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "run --help",
                "run word-count --help",
                "run grep -h",
                "run sort --help",
                "run inverted-index --help",
                "run join --help",
                "run top-n --help",
                "certs --help",
                "token --help",
                "completion --help",
                "submit --help",
                "submit word-count --help",
                "jobs --help",
                "job --help",
                "cancel --help",
                "result --help",
                "nodes --help",
                "events --help",
                "drain --help",
                "seed --help",
                "worker --help"
            })
    void explainsEachCommand(String args) {
        Outcome outcome = CliFixture.run(args.split(" "));
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).startsWith("Usage: sampo").contains("--help");
        assertThat(outcome.err()).isEmpty();
    }

    @Test
    void documentsEveryExitCode() {
        assertThat(CliFixture.run("--help").out())
                .contains(
                        Stream.of(ExitCode.values()).map(ExitCode::description).toList());
        assertThat(Arrays.stream(ExitCode.values()).map(ExitCode::number)).doesNotHaveDuplicates();
    }

    @Test
    void printsItsVersion() {
        Outcome outcome = CliFixture.run("--version");
        assertThat(outcome.out()).matches("sampo \\d+\\.\\d+\\.\\d+\\S*\\R");
        assertThat(outcome.exitCode()).isZero();
    }

    @Test
    void printsCompletionOfItsOptions() {
        Outcome outcome = CliFixture.run("completion");
        assertThat(outcome.out()).startsWith("#!").contains("word-count", "--partitions", "complete -F");
        assertThat(outcome.exitCode()).isZero();
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void givesEveryErrorAnExitCodeOfFailure(ErrorCode error) {
        assertThat(ExitCode.of(error)).isNotEqualTo(ExitCode.OK);
    }
}
