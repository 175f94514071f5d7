package dev.sampo.internal.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.FailureKind;
import dev.sampo.internal.model.FailureReport;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.TaskId;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who is to blame for what. */
class FailureClassifierTest {
    private static final FailureOrigin RECORD = FailureOrigin.userCode().at("/data/in.txt", 17);
    private static final FailureOrigin USER_CODE = FailureOrigin.userCode();
    private static final FailureOrigin ENGINE = FailureOrigin.engine();

    private static final class Rude extends RuntimeException {
        private static final long serialVersionUID = 1;

        @Override
        public String getMessage() {
            throw new IllegalStateException("not today");
        }

        @Override
        public StackTraceElement[] getStackTrace() {
            throw new IllegalStateException("not today");
        }
    }

    @Test
    void whatUserCodeThrowsOnARecordIsTheRecords() {
        FailureReport report = FailureClassifier.classify(new NumberFormatException("For input string: \"x\""), RECORD);

        assertThat(report.kind()).isEqualTo(FailureKind.RECORD);
        assertThat(report.code()).isEqualTo(ErrorCode.USER_CODE_FAILED);
        assertThat(report.describe())
                .isEqualTo("A function of the job threw java.lang.NumberFormatException: For input string: \"x\""
                        + " (at /data/in.txt, offset 17)");
        assertThat(report.stackTrace()).contains("FailureClassifierTest.whatUserCodeThrowsOnARecordIsTheRecords");
    }

    @Test
    void whateverUserCodeThrowsOutsideARecordIsItsFault() {
        for (Throwable failure : new Throwable[] {
            new StackOverflowError(),
            new NoClassDefFoundError("x/Y"),
            new AssertionError("wrong"),
            new RuntimeException("wrong"),
            new Exception("wrong"),
            new IOException("wrong"),
            new InterruptedException()
        }) {
            FailureReport report = FailureClassifier.classify(failure, USER_CODE);
            assertThat(report.kind()).as("%s", failure).isEqualTo(FailureKind.USER_CODE);
            assertThat(report.code()).isEqualTo(ErrorCode.USER_CODE_FAILED);
            assertThat(report.message()).contains(failure.getClass().getName());
        }
    }

    @Test
    void memoryIsMemoryHoweverItIsWrapped() {
        Throwable wrapped = new ExecutionException(new OutOfMemoryError("Java heap space"));
        for (FailureOrigin origin : new FailureOrigin[] {RECORD, USER_CODE, ENGINE}) {
            FailureReport report = FailureClassifier.classify(wrapped, origin);
            assertThat(report.kind()).isEqualTo(FailureKind.MEMORY);
            assertThat(report.code()).isEqualTo(ErrorCode.OUT_OF_MEMORY);
            assertThat(report.message()).isEqualTo("java.lang.OutOfMemoryError: Java heap space");
        }
    }

    @Test
    void aFullDiskIsAResourceEvenInUserCode() {
        Throwable full = new UncheckedIOException(new IOException("/tmp/x: No space left on device"));

        assertThat(FailureClassifier.classify(full, RECORD).kind()).isEqualTo(FailureKind.RESOURCE);
        assertThat(FailureClassifier.classify(full, ENGINE).code()).isEqualTo(ErrorCode.SPILL_FAILED);
    }

    @Test
    void anInterruptIsPlannedOnlyAfterACancel() {
        for (Exception interrupt : new Exception[] {new InterruptedException(), new ClosedByInterruptException()}) {
            Throwable wrapped = new IllegalStateException(interrupt);
            FailureReport planned = FailureClassifier.classify(wrapped, RECORD.afterCancel());
            assertThat(planned.kind()).isEqualTo(FailureKind.PLAN);
            assertThat(planned.code()).isEqualTo(ErrorCode.JOB_CANCELED);
            assertThat(FailureClassifier.classify(wrapped, RECORD).kind()).isEqualTo(FailureKind.RECORD);
        }
    }

    @Test
    void aFailureOfTheEngineItselfIsADefectUnlessItIsTheFileSystems() {
        assertThat(FailureClassifier.classify(new IllegalStateException("x"), ENGINE))
                .returns(FailureKind.ENGINE, FailureReport::kind)
                .returns(ErrorCode.INTERNAL, FailureReport::code);
        assertThat(FailureClassifier.classify(new IOException("x"), ENGINE))
                .returns(FailureKind.RESOURCE, FailureReport::kind)
                .returns(ErrorCode.SPILL_FAILED, FailureReport::code);
        assertThat(FailureClassifier.classify(new IOException("x"), ENGINE.at("/data/in.txt", 0)))
                .returns(FailureKind.RESOURCE, FailureReport::kind)
                .returns(ErrorCode.INPUT_UNREADABLE, FailureReport::code);
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void aKnownErrorKeepsItsCodeAndMessageAndABugIsTheEngines(ErrorCode code) {
        SampoException known = new SampoException(code, "what; expected something else");
        FailureReport report = FailureClassifier.classify(new IllegalStateException("wrapped", known), RECORD);

        assertThat(report.code()).isEqualTo(code);
        assertThat(report.message()).isEqualTo("what; expected something else");
        assertThat(report.kind() == FailureKind.ENGINE).isEqualTo(code.kind() == ErrorCode.Kind.BUG);
        if (code.kind() == ErrorCode.Kind.CLUSTER) {
            assertThat(report.kind().isCharged()).isFalse();
        }
    }

    @Test
    void aFetchFailureNamesTheProducer() {
        AttemptId producer = new AttemptId(new TaskId(new JobId("j"), 1, 2), 0);
        FailureReport report = FailureClassifier.fetchFailed(producer, new IOException("connection reset"));

        assertThat(report.kind()).isEqualTo(FailureKind.FETCH);
        assertThat(report.producer()).isEqualTo(producer);
        assertThat(report.message())
                .isEqualTo("Output of attempt j/1-00002-0 cannot be fetched: java.io.IOException: connection reset");
    }

    @Test
    void tracesAreShortenedAndNeverFail() {
        FailureReport deep = FailureClassifier.classify(overflow(), RECORD);
        assertThat(deep.stackTrace().length()).isLessThan(9000);
        assertThat(deep.stackTrace()).contains("FailureClassifierTest.recurse", " more");
        FailureReport rude = FailureClassifier.classify(new Rude(), RECORD);
        assertThat(rude.message()).contains("Rude").contains("its message cannot be had");
        assertThat(FailureClassifier.classify(new RuntimeException("x".repeat(1 << 20)), RECORD)
                        .message())
                .hasSizeLessThan(3000);
    }

    @Test
    void causesInACircleComeToAnEnd() {
        Exception first = new Exception("first");
        Exception second = new Exception("second", first);
        first.initCause(second);

        assertThat(FailureClassifier.classify(first, RECORD).stackTrace()).containsOnlyOnce("Caused by");
    }

    private static Throwable overflow() {
        try {
            throw new AssertionError("recursion came to an end at " + recurse(0));
        } catch (StackOverflowError e) {
            return e;
        }
    }

    @SuppressWarnings("InfiniteRecursion") // its overflow is what is tested
    private static int recurse(int depth) {
        return recurse(depth + 1) + 1;
    }
}
