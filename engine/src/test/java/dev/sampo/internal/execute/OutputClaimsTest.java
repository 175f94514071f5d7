package dev.sampo.internal.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampo.internal.config.OutputSettings;
import dev.sampo.internal.fault.FaultPoints;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.output.OutputCommitter;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputClaimsTest {
    private static final JobId JOB = new JobId("job-1");

    private final OutputClaims claims = new OutputClaims();

    @TempDir
    Path folder;

    private OutputCommitter committer() {
        return new OutputCommitter(folder.resolve("out").toUri(), new OutputSettings(Set.of()), FaultPoints.NONE);
    }

    @Test
    void aSecondAttemptToPlanAJobFindsItsOutputClaimed() {
        claims.claim(JOB, committer(), false);
        claims.claim(JOB, committer(), false);
        assertThatThrownBy(() -> claims.claim(new JobId("job-2"), committer(), false))
                .isInstanceOfSatisfying(
                        SampoException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OUTPUT_CLAIMED));
        claims.abort(JOB);
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void anAttemptThatOutlivesItsJobLeavesNoClaim() {
        claims.abort(JOB);
        assertThatThrownBy(() -> claims.claim(JOB, committer(), false))
                .isInstanceOfSatisfying(
                        SampoException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.JOB_CANCELED));
        assertThat(folder.resolve("out")).doesNotExist();
        claims.claim(new JobId("job-2"), committer(), false);
        claims.abort(new JobId("job-2"));
    }
}
