package dev.sampo.internal.client;

import dev.sampo.api.OutputPart;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A part of a result, downloaded as it is read. A connection that breaks or stalls is made anew, and what was read before
 * is passed over; what arrives is held against the part's size and digest. Used by one thread.
 */
final class RemotePart extends InputStream {
    private static final int MOST_FAILURES_IN_A_ROW = 8;
    private static final String SHA_256 = "sha256:";

    private final SeedHttp http;
    private final String path;
    private final OutputPart part;
    private final MessageDigest digest;
    private final Backoff backoff;
    private final CountDownLatch never = new CountDownLatch(1);
    private @Nullable InputStream in;
    private long position;
    private int failures;
    private boolean ended;

    RemotePart(SeedHttp http, String path, OutputPart part) {
        this.http = http;
        this.path = path;
        this.part = part;
        this.backoff = new Backoff(path.hashCode());
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JVM has no SHA-256; expected one that is a Java platform", e);
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (!ended) {
            try {
                InputStream source = in == null ? open() : in;
                int count = guarded(source, into, offset, length);
                if (count < 0 && position < part.bytes()) {
                    throw new IOException("it ended after " + position + " bytes; expected " + part.bytes());
                }
                if (count < 0) {
                    ended = true;
                    check();
                    break;
                }
                digest.update(into, offset, count);
                position += count;
                failures = 0;
                backoff.reset();
                return count;
            } catch (InterruptedIOException e) {
                throw e;
            } catch (IOException e) {
                close();
                waitAfter(e);
            }
        }
        return -1;
    }

    private void check() {
        String found = SHA_256 + HexFormat.of().formatHex(digest.digest());
        if (position != part.bytes()
                || (part.digest().startsWith(SHA_256) && !part.digest().equals(found))) {
            throw new SampoException(
                    ErrorCode.DATA_CORRUPT,
                    "part " + part.name() + " arrived as " + position + " bytes with digest " + found + "; expected "
                            + part.bytes() + " bytes with " + part.digest());
        }
    }

    private InputStream open() throws IOException {
        HttpResponse<InputStream> response;
        try {
            response = http.await(http.get(path, Map.of()), BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            throw interrupted();
        }
        InputStream opened = response.body();
        if (SeedHttp.isNotReady(response.statusCode())) {
            opened.close();
            throw new IOException("the seed answered " + response.statusCode());
        }
        if (response.statusCode() != 200) {
            try (opened) {
                throw SeedProblem.of(
                        "part " + part.name() + " of the result", response.statusCode(), opened.readNBytes(1 << 16));
            }
        }
        in = opened;
        byte[] passed = new byte[1 << 14];
        for (long left = position; left > 0; ) {
            int count = guarded(opened, passed, 0, (int) Math.min(left, passed.length));
            if (count < 0) {
                throw new IOException("it ended before the " + position + " bytes that were read of it before");
            }
            left -= count;
        }
        return opened;
    }

    /** Reads; a source that gives nothing for too long is closed, which ends the read. */
    private int guarded(InputStream source, byte[] into, int offset, int length) throws IOException {
        ScheduledFuture<?> limit;
        try {
            limit = http.timer()
                    .schedule(
                            () -> {
                                source.close();
                                return null;
                            },
                            http.timeout().toMillis(),
                            TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            throw new SampoException(
                    ErrorCode.ENGINE_CLOSED,
                    "part " + part.name() + " of the result: the engine was closed; expected it open until the end",
                    e);
        }
        try {
            return source.read(into, offset, length);
        } finally {
            limit.cancel(false);
        }
    }

    private void waitAfter(IOException failure) throws IOException {
        if (++failures >= MOST_FAILURES_IN_A_ROW) {
            throw new SampoException(
                    ErrorCode.NO_ANSWER,
                    "part " + part.name() + " of the result cannot be downloaded: " + failure.getMessage()
                            + "; expected it from one of " + http.seeds(),
                    failure);
        }
        try {
            if (never.await(backoff.nextMillis(OptionalLong.empty()), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("nobody ends the wait");
            }
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private static InterruptedIOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("interrupted while a result is downloaded");
    }

    @Override
    public void close() throws IOException {
        InputStream source = in;
        in = null;
        if (source != null) {
            source.close();
        }
    }
}
