package dev.sampo.internal.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampo.internal.model.FailureKind;
import dev.sampo.internal.model.FailureReport;
import dev.sampo.internal.schedule.RetryPolicy.Verdict;
import dev.sampo.spi.ErrorCode;
import org.junit.jupiter.api.Test;

final class RetryPolicyTest {
    private final RetryPolicy policy = new RetryPolicy(3, 3);

    @Test
    void chargesWhatTheTaskCouldHaveDoneItself() {
        for (FailureKind kind : FailureKind.values()) {
            Verdict verdict = policy.judge(report(kind, ErrorCode.USER_CODE_FAILED), 0, false);
            assertThat(verdict)
                    .as("%s", kind)
                    .isEqualTo(
                            switch (kind) {
                                case RECORD, USER_CODE, MEMORY, RESOURCE, FETCH -> Verdict.RETRY_CHARGED;
                                case NODE, PLAN -> Verdict.RETRY_FREE;
                                case ENGINE -> Verdict.FAIL_JOB;
                            });
        }
    }

    @Test
    void failsTheJobOnTheLastAttempt() {
        FailureReport report = report(FailureKind.RECORD, ErrorCode.INPUT_CORRUPT);
        assertThat(policy.judge(report, 1, false)).isEqualTo(Verdict.RETRY_CHARGED);
        assertThat(policy.judge(report, 2, false)).isEqualTo(Verdict.FAIL_JOB);
    }

    @Test
    void triesNothingAgainThatMustFailAgain() {
        for (ErrorCode code : new ErrorCode[] {
            ErrorCode.OUTPUT_EXISTS,
            ErrorCode.OUTPUT_CLAIMED,
            ErrorCode.CONFIG_INVALID,
            ErrorCode.JOB_INVALID,
            ErrorCode.JOB_CLASS,
            ErrorCode.JOB_NOT_SERIALIZABLE,
            ErrorCode.CODEC_UNKNOWN,
            ErrorCode.DATA_CORRUPT,
            ErrorCode.INTERNAL
        }) {
            assertThat(policy.judge(report(FailureKind.USER_CODE, code), 0, false))
                    .as("%s", code)
                    .isEqualTo(Verdict.FAIL_JOB);
        }
        assertThat(policy.judge(report(FailureKind.RESOURCE, ErrorCode.INPUT_UNREADABLE), 0, false))
                .isEqualTo(Verdict.RETRY_CHARGED);
    }

    @Test
    void triesAnInputThatOneNodeCannotReadOnTheOthersForFree() {
        FailureReport missing = report(FailureKind.RESOURCE, ErrorCode.INPUT_NOT_FOUND);
        assertThat(policy.judge(missing, 2, true)).isEqualTo(Verdict.RETRY_ELSEWHERE);
        assertThat(policy.judge(missing, 2, false)).isEqualTo(Verdict.RETRY_ELSEWHERE);
        FailureReport unreadable = report(FailureKind.RESOURCE, ErrorCode.INPUT_UNREADABLE);
        assertThat(policy.judge(unreadable, 2, true)).isEqualTo(Verdict.RETRY_FREE);
        assertThat(policy.judge(unreadable, 2, false)).isEqualTo(Verdict.FAIL_JOB);
    }

    @Test
    void aDiskWithoutRoomIsTheNodesFaultAsLongAsAnotherNodeIsUntried() {
        FailureReport full = report(FailureKind.RESOURCE, ErrorCode.SPILL_FAILED);
        assertThat(policy.judge(full, 2, true)).isEqualTo(Verdict.REST_NODE);
        assertThat(policy.judge(full, 1, false)).isEqualTo(Verdict.RETRY_CHARGED);
        assertThat(policy.judge(full, 2, false)).isEqualTo(Verdict.FAIL_JOB);
        assertThat(policy.judge(report(FailureKind.RESOURCE, ErrorCode.OUTPUT_UNWRITABLE), 0, true))
                .as("the output is the same from everywhere")
                .isEqualTo(Verdict.RETRY_CHARGED);
    }

    @Test
    void blamesTheProducerOfAnOutputThatCannotBeFetchedEvenWhenItIsCorrupt() {
        FailureReport report = new FailureReport(
                FailureKind.FETCH, ErrorCode.DATA_CORRUPT, "", "", "", -1, SchedulerFixture.attempt(2, 0, 0));
        assertThat(policy.judge(report, 2, false)).isEqualTo(Verdict.BLAME_PRODUCER);
        assertThat(policy.chargesProducer(3)).isFalse();
        assertThat(policy.chargesProducer(4)).isTrue();
    }

    private static FailureReport report(FailureKind kind, ErrorCode code) {
        return FailureReport.of(kind, code, "boom");
    }
}
