package dev.sampo.internal.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sampo.internal.model.BlobRef;
import dev.sampo.internal.model.DataAddress;
import dev.sampo.internal.model.JobId;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ResultStoreTest {
    private static final JobId JOB = new JobId("job-1");
    private static final DataAddress WORKER = new DataAddress("10.0.0.2", 7_000);
    private static final DataAddress SEED = new DataAddress("10.0.0.1", 7_000);

    private final Map<String, byte[]> onWorker = new HashMap<>();
    private final Deque<Runnable> copies = new ArrayDeque<>();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    private Path folder;

    private ResultStore results;

    @BeforeEach
    void open() {
        BlobStore store = new BlobStore(folder, new BlobLimits(1 << 20, 1 << 20));
        BlobLinks links = (holder, name) -> {
            assertThat(holder).isEqualTo(WORKER);
            byte[] bytes = onWorker.get(name);
            if (bytes == null) {
                throw new IOException("the worker is gone");
            }
            return new ByteArrayInputStream(bytes);
        };
        results = new ResultStore(store, links, copies::add, () -> SEED, Duration.ofMinutes(10), () -> now);
    }

    @Test
    void aPartIsHereWhenAnOfferIsAnsweredSo() {
        results.expect(JOB);
        byte[] offer = offer("0", "first part");
        assertThat(ResultStore.isHeld(results.answer(offer))).isFalse();
        assertThat(ResultStore.isHeld(results.answer(offer))).as("still copied").isFalse();
        assertThat(copies).hasSize(1);
        copies.remove().run();
        assertThat(ResultStore.isHeld(results.answer(offer))).isTrue();
        assertThat(results.find(digest("first part")))
                .get()
                .satisfies(file -> assertThat(file).hasContent("first part"));
    }

    @Test
    void theSuccessOfAJobKeepsWhatWasGrantedAndNothingElse() {
        results.expect(JOB);
        copyAll(offer("0", "granted"), offer("1", "the loser's"));
        results.keep(JOB, List.of(digest("granted")));
        assertThat(results.find(digest("granted"))).isPresent();
        assertThat(results.find(digest("the loser's"))).isEmpty();
    }

    @Test
    void theFailureOfAJobLeavesNothing() {
        results.expect(JOB);
        copyAll(offer("0", "part"));
        results.forget(JOB);
        assertThat(results.find(digest("part"))).isEmpty();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aResultThatNobodyFetchesIsDroppedInTheEnd() {
        results.expect(JOB);
        copyAll(offer("0", "part"));
        results.keep(JOB, List.of(digest("part")));
        now = now.plus(Duration.ofMinutes(9));
        results.expect(new JobId("another"));
        assertThat(results.find(digest("part"))).isPresent();
        now = now.plus(Duration.ofMinutes(2));
        results.expect(new JobId("a-third"));
        assertThat(results.find(digest("part"))).isEmpty();
    }

    @Test
    void partsOfJobsThatDoNotRunAreRefused() {
        refuses(ErrorCode.JOB_UNKNOWN, offer("0", "part"), "job-1");
        results.expect(JOB);
        byte[] late = offer("0", "part");
        results.answer(late);
        results.forget(JOB);
        copies.remove().run();
        assertThat(folder).isEmptyDirectory();
        refuses(ErrorCode.JOB_UNKNOWN, late, "job-1");
    }

    @Test
    void aCopyThatFailsIsToldAndTriedAgainAtTheNextOffer() {
        results.expect(JOB);
        byte[] offer = offer("0", "part");
        byte[] part = onWorker.remove("0");
        results.answer(offer);
        copies.remove().run();
        refuses(ErrorCode.FETCH_FAILED, offer, "the worker is gone");
        onWorker.put("0", part);
        copyAll(offer);
        assertThat(ResultStore.isHeld(results.answer(offer))).isTrue();
    }

    @Test
    void anAlteredPartIsNotTaken() {
        results.expect(JOB);
        byte[] offer = offer("0", "part");
        onWorker.put("0", "pert".getBytes(StandardCharsets.UTF_8));
        copyAll(offer);
        refuses(ErrorCode.FETCH_FAILED, offer, "SHA-256");
    }

    @Test
    void whatIsNoOfferIsRefused() {
        for (String junk :
                List.of("", "a\nb", "job-1\nnothex\n1\nh\n1\nn", "job-1\n" + "0".repeat(64) + "\n-1\nh\n1\nn")) {
            refuses(ErrorCode.NO_ANSWER, junk.getBytes(StandardCharsets.UTF_8), "expected job, digest");
        }
    }

    private void refuses(ErrorCode code, byte[] offer, String words) {
        assertThatExceptionOfType(SampoException.class)
                .isThrownBy(() -> results.answer(offer))
                .withMessageContaining(words)
                .satisfies(e -> assertThat(e.code()).isEqualTo(code));
    }

    private void copyAll(byte[]... offers) {
        for (byte[] offer : offers) {
            results.answer(offer);
        }
        while (!copies.isEmpty()) {
            copies.remove().run();
        }
    }

    private byte[] offer(String name, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        onWorker.put(name, bytes);
        BlobRef part = new BlobRef(digest(text), bytes.length, BlobRef.BlobKind.RESULT, name);
        return new ResultStore.Offer(JOB, part, WORKER, name).encode();
    }

    private static String digest(String text) {
        return HexFormat.of().formatHex(BlobStore.sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
    }
}
