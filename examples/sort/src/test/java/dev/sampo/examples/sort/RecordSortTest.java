package dev.sampo.examples.sort;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.sampo.Sampo;
import dev.sampo.api.JobResult;
import dev.sampo.io.RecordInput;
import dev.sampo.io.RecordOutput;
import dev.sampo.io.Text;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordSortTest {
    private static final int RECORDS = 500;

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 2", "3, 1", "4, 3"})
    void sortsByTheKeyAndKeepsTheOrderOfEqualKeys(int partitions, int slots) throws Exception {
        long seed = new SplittableRandom().nextLong();
        byte[][] records = records(new SplittableRandom(seed));
        Path input = Files.write(folder.resolve("input"), joined(records));
        Path output = folder.resolve("output");

        var job = RecordSort.job(
                        RecordInput.from(RecordSort.RECORD_BYTES, input.toString()),
                        RecordOutput.to(output),
                        partitions)
                .withSplitBytes(4000);
        try (Sampo sampo = Sampo.local(ConfigFactory.parseString("sampo.slots = " + slots));
                JobResult<Text, Text> result = sampo.submit(job).await()) {
            assertThat(result.parts()).isNotEmpty();
        }

        // a stable sort
        Arrays.sort(
                records,
                Comparator.comparing(record -> Arrays.copyOf(record, RecordSort.KEY_BYTES), Arrays::compareUnsigned));
        assertThat(parts(output)).as("seed %d", seed).isEqualTo(joined(records));
    }

    /** Makes records with random bytes in few keys; each says at its end where it was. */
    private static byte[][] records(SplittableRandom random) {
        byte[][] keys = new byte[RECORDS / 5][RecordSort.KEY_BYTES];
        for (byte[] key : keys) {
            random.nextBytes(key);
        }
        return IntStream.range(0, RECORDS)
                .mapToObj(i -> {
                    byte[] record = new byte[RecordSort.RECORD_BYTES];
                    random.nextBytes(record);
                    System.arraycopy(keys[random.nextInt(keys.length)], 0, record, 0, RecordSort.KEY_BYTES);
                    byte[] place = String.format("%8d", i).getBytes(StandardCharsets.US_ASCII);
                    System.arraycopy(place, 0, record, record.length - place.length, place.length);
                    return record;
                })
                .toArray(byte[][]::new);
    }

    private static byte[] joined(byte[][] records) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] record : records) {
            all.writeBytes(record);
        }
        return all.toByteArray();
    }

    private static byte[] parts(Path output) throws Exception {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try (var files = Files.list(output)) {
            for (Path part : files.filter(file -> file.getFileName().toString().startsWith("part-"))
                    .sorted()
                    .toList()) {
                all.writeBytes(Files.readAllBytes(part));
            }
        }
        return all.toByteArray();
    }
}
