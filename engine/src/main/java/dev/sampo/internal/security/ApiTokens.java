package dev.sampo.internal.security;

import dev.sampo.internal.config.SecuritySettings;
import dev.sampo.internal.config.TokenEntry;
import dev.sampo.internal.config.TokenFile;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bearer tokens that the API takes. The file has digests only, so that reading it gives nobody access; the tokens are
 * 256 random bits each, which need no slow hash. A changed file is read again without a restart; one that cannot be used
 * is reported, and the tokens read before stay. Safe for many threads; may read a small file.
 */
public final class ApiTokens {
    private static final Logger LOG = LoggerFactory.getLogger(ApiTokens.class);
    /** Longer than any token; nothing longer is hashed. */
    private static final int MOST_CHARACTERS = 512;

    private final Path file;
    private final Duration reload;
    private final InstantSource clock;
    private final ReentrantLock reloading = new ReentrantLock();
    private volatile Known known;

    private record Digest(byte[] sha256, Principal principal) {}

    /** The tokens, and the text that was looked at last, whether it could be used or not. */
    private record Known(List<Digest> digests, String text, Instant checked) {}

    private ApiTokens(Path file, Duration reload, InstantSource clock) {
        this.file = file;
        this.reload = reload;
        this.clock = clock;
        String text = read(file);
        this.known = new Known(digests(text, file), text, clock.instant());
    }

    /**
     * Reads the tokens.
     *
     * @param reload how long a change of the file may go unnoticed
     * @throws SampoException {@link ErrorCode#CONFIG_INVALID} with all problems of the file, or when others than its owner
     *     may write it
     */
    public static ApiTokens load(Path file, Duration reload, InstantSource clock) {
        return new ApiTokens(file, reload, clock);
    }

    /**
     * Reads the tokens if there is a file of them.
     *
     * @throws SampoException as {@link #load}
     */
    public static Optional<ApiTokens> of(SecuritySettings settings, InstantSource clock) {
        return settings.tokensFile().map(file -> load(file, settings.reload(), clock));
    }

    /**
     * Returns whose token it is; empty when it is nobody's. Takes as long for a token that is almost right as for one that
     * is not.
     *
     * @param bearer what follows {@code Bearer} in the header of the request
     */
    public Optional<Principal> authenticate(String bearer) {
        List<Digest> digests = fresh().digests();
        if (bearer.length() > MOST_CHARACTERS) {
            return Optional.empty();
        }
        byte[] shown = sha256(bearer);
        Optional<Principal> found = Optional.empty();
        for (Digest each : digests) {
            // all of them, so that time does not tell the place in the file
            if (MessageDigest.isEqual(each.sha256(), shown)) {
                found = Optional.of(each.principal());
            }
        }
        return found;
    }

    private Known fresh() {
        Known before = known;
        Instant now = clock.instant();
        if (now.isBefore(before.checked().plus(reload)) || !reloading.tryLock()) {
            return before;
        }
        try {
            known = looked(before, now);
            return known;
        } finally {
            reloading.unlock();
        }
    }

    private Known looked(Known before, Instant now) {
        String text = before.text();
        try {
            text = read(file);
            if (text.equals(before.text())) {
                return new Known(before.digests(), text, now);
            }
            List<Digest> digests = digests(text, file);
            LOG.info("{} has changed: {} tokens", file, digests.size());
            return new Known(digests, text, now);
        } catch (SampoException e) {
            LOG.error("the tokens read before stay in use: {}", e.getMessage());
            return new Known(before.digests(), text, now);
        }
    }

    private static String read(Path file) {
        try {
            if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
                Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
                if (mode.contains(PosixFilePermission.OTHERS_WRITE) || mode.contains(PosixFilePermission.GROUP_WRITE)) {
                    throw new SampoException(
                            ErrorCode.CONFIG_INVALID,
                            "sampo.security.api.tokens-file: others than the owner may write " + file
                                    + "; expected mode 600: whoever writes it may do anything");
                }
            }
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new SampoException(
                    ErrorCode.CONFIG_INVALID,
                    "sampo.security.api.tokens-file: " + file + " cannot be read (" + e
                            + "); expected a file in UTF-8 that this process may read",
                    e);
        }
    }

    private static List<Digest> digests(String text, Path file) {
        return TokenFile.read(text, file.toString()).stream()
                .map(ApiTokens::digest)
                .toList();
    }

    private static Digest digest(TokenEntry entry) {
        return new Digest(HexFormat.of().parseHex(entry.sha256()), new Principal(entry.name(), entry.role()));
    }

    private static byte[] sha256(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
