package dev.sampo.seed.http;

import dev.sampo.internal.config.HttpSettings;
import dev.sampo.spi.ErrorCode;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;
import org.apache.pekko.http.javadsl.model.StatusCodes;

/**
 * Lets in as many requests as the seed can work on, and of one address no more than its share: a bucket of tokens for
 * each address, filled at a steady rate. Memory is bounded. Safe for many threads.
 */
final class RequestGate {
    /** How many seconds of the rate an address may save up for a burst. */
    private static final int BURST_SECONDS = 10;

    private static final int MOST_ADDRESSES = 10_000;
    private static final double NANOS_PER_SECOND = 1e9;

    private final HttpSettings.Limits limits;
    private final LongSupplier nanos;
    private final Semaphore requests;
    private final Map<String, Bucket> buckets = new HashMap<>();

    private static final class Bucket {
        private double tokens;
        private long filled;
    }

    /**
     * Creates a gate.
     *
     * @param nanos a monotonic reading
     */
    RequestGate(HttpSettings.Limits limits, LongSupplier nanos) {
        this.limits = limits;
        this.nanos = nanos;
        this.requests = new Semaphore(limits.requests());
    }

    /** Returns why a request is not let in; when it is, {@link #leave} is called once when it has been answered. */
    Optional<ApiProblem> enter(String address) {
        if (!takeToken(address)) {
            return Optional.of(ApiProblem.retryable(
                    StatusCodes.TOO_MANY_REQUESTS,
                    ErrorCode.TOO_MANY_REQUESTS,
                    "more requests from " + address + " than " + limits.requestsPerSecond()
                            + " per second; expected fewer (sampo.http.requests-per-second)",
                    1));
        }
        if (!requests.tryAcquire()) {
            return Optional.of(ApiProblem.retryable(
                    StatusCodes.SERVICE_UNAVAILABLE,
                    ErrorCode.TOO_MANY_REQUESTS,
                    limits.requests() + " requests are being worked on; expected fewer at once"
                            + " (sampo.http.max-requests)",
                    1));
        }
        return Optional.empty();
    }

    void leave() {
        requests.release();
    }

    private synchronized boolean takeToken(String address) {
        long now = nanos.getAsLong();
        double most = (double) limits.requestsPerSecond() * BURST_SECONDS;
        Bucket bucket = buckets.get(address);
        if (bucket == null) {
            if (buckets.size() >= MOST_ADDRESSES) {
                forgetFull(now, most);
            }
            bucket = new Bucket();
            bucket.tokens = most;
            bucket.filled = now;
            buckets.put(address, bucket);
        }
        fill(bucket, now, most);
        if (bucket.tokens < 1) {
            return false;
        }
        bucket.tokens--;
        return true;
    }

    private void fill(Bucket bucket, long now, double most) {
        double earned = (now - bucket.filled) / NANOS_PER_SECOND * limits.requestsPerSecond();
        bucket.tokens = Math.min(most, bucket.tokens + earned);
        bucket.filled = now;
    }

    /** A full bucket is like a new one; when none is full, the first makes room. */
    private void forgetFull(long now, double most) {
        for (Bucket bucket : buckets.values()) {
            fill(bucket, now, most);
        }
        buckets.values().removeIf(bucket -> bucket.tokens >= most);
        if (buckets.size() >= MOST_ADDRESSES) {
            Iterator<String> first = buckets.keySet().iterator();
            first.next();
            first.remove();
        }
    }
}
