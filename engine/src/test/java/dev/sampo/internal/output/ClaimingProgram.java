package dev.sampo.internal.output;

import dev.sampo.internal.model.JobId;
import java.io.IOException;
import java.nio.file.Path;

/** Claims a directory, says so, and keeps the claim until it is killed or its input ends. */
final class ClaimingProgram {
    private ClaimingProgram() {}

    public static void main(String[] arguments) throws IOException {
        try (OutputClaim claim = OutputFixture.committer(Path.of(arguments[0])).claim(new JobId("elsewhere"), false)) {
            System.out.println(claim.job().value().isEmpty() ? "nothing" : "claimed");
            System.in.read();
        }
    }
}
