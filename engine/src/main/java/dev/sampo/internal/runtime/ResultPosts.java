package dev.sampo.internal.runtime;

import dev.sampo.internal.blob.ResultStore;
import dev.sampo.internal.execute.ResultDelivery;
import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.BlobRef;
import dev.sampo.internal.model.DataAddress;
import dev.sampo.internal.model.PartFile;
import dev.sampo.internal.transfer.Content;
import dev.sampo.internal.transfer.ContentSource;
import dev.sampo.internal.transfer.TransferClient;
import dev.sampo.internal.transfer.TransferException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Offers the parts of attempts to the seed and serves them while it copies them. Safe for many threads; blocks the thread
 * of the attempt.
 */
final class ResultPosts implements ResultDelivery, ContentSource {
    private static final long FIRST_WAIT_MILLIS = 2;
    private static final long LONGEST_WAIT_MILLIS = 250;

    /** How long the seed may be out of reach before the attempt fails, and its part is made again. */
    private static final Duration OUT_OF_REACH = Duration.ofSeconds(20);

    private static final String DIGEST_PREFIX = "sha256:";

    private final TransferClient client;
    private final Supplier<DataAddress> address;
    private final Map<String, Path> files = new ConcurrentHashMap<>();

    /**
     * Makes the posts of a node.
     *
     * @param client the way to the seed
     * @param address where this node serves its data
     */
    ResultPosts(TransferClient client, Supplier<DataAddress> address) {
        this.client = client;
        this.address = address;
    }

    @Override
    public @Nullable Content find(String name) throws IOException {
        Path file = files.get(name);
        return file == null ? null : Content.ofFile(file, 0, Files.size(file));
    }

    @Override
    public void deliver(DataAddress seed, AttemptId attempt, PartFile part, Path file)
            throws IOException, InterruptedException {
        String name = attempt.task().job() + "/" + attempt.localName();
        BlobRef blob = new BlobRef(
                part.digest().substring(DIGEST_PREFIX.length()), part.bytes(), BlobRef.BlobKind.RESULT, name);
        byte[] offer = new ResultStore.Offer(attempt.task().job(), blob, address.get(), name).encode();
        files.put(name, file);
        try {
            offer(seed, offer);
        } finally {
            files.remove(name);
        }
    }

    private void offer(DataAddress seed, byte[] offer) throws IOException, InterruptedException {
        long wait = FIRST_WAIT_MILLIS;
        long answered = System.nanoTime();
        while (true) {
            try {
                if (ResultStore.isHeld(client.post(seed, ResultStore.KIND, offer))) {
                    return;
                }
                answered = System.nanoTime();
            } catch (TransferException e) {
                if (e.isAnswered() || System.nanoTime() - answered > OUT_OF_REACH.toNanos()) {
                    throw e;
                }
            }
            Thread.sleep(wait);
            wait = Math.min(LONGEST_WAIT_MILLIS, wait * 2);
        }
    }
}
