package dev.sampo.internal.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How an engine without actors reaches a cluster over HTTP.
 *
 * @param token what it shows to be let in; empty for nothing
 * @param tokenFile the file that holds the token instead
 * @param caFile the certificates it trusts in place of those of the JVM
 * @param connectTimeout how long a connection may take to be made
 * @param requestTimeout how long a seed may take to answer, and a download to go on
 * @param uploadTimeout how long a submit may take, with all that travels with it
 * @param submitLimit how long a submit is tried while no seed answers
 * @param silenceLimit how long all seeds may be silent while a job is followed
 * @param pollWait how long a seed may hold back the answer to how a job goes
 */
public record ClientSettings(
        Optional<String> token,
        Optional<Path> tokenFile,
        Optional<Path> caFile,
        Duration connectTimeout,
        Duration requestTimeout,
        Duration uploadTimeout,
        Duration submitLimit,
        Duration silenceLimit,
        Duration pollWait) {
    private static final Duration LEAST = Duration.ofMillis(10);
    private static final Duration MOST = Duration.ofDays(1);

    static ClientSettings from(ConfigReader reader) {
        return new ClientSettings(
                given(reader.string("token")),
                given(reader.string("token-file")).map(Path::of),
                given(reader.string("ca-file")).map(Path::of),
                reader.duration("connect-timeout", LEAST, Duration.ofHours(1)),
                reader.duration("request-timeout", LEAST, Duration.ofHours(1)),
                reader.duration("upload-timeout", LEAST, MOST),
                reader.duration("submit-limit", Duration.ZERO, MOST),
                reader.duration("silence-limit", Duration.ZERO, MOST),
                reader.duration("poll-wait", LEAST, Duration.ofMinutes(1)));
    }

    private static Optional<String> given(String text) {
        return text.isEmpty() || text.equals("none") ? Optional.empty() : Optional.of(text);
    }

    /** Leaves the token out. */
    @Override
    public String toString() {
        return "ClientSettings[tokenFile=" + tokenFile + ", caFile=" + caFile + ", connectTimeout=" + connectTimeout
                + ", requestTimeout=" + requestTimeout + ", uploadTimeout=" + uploadTimeout + ", submitLimit="
                + submitLimit + ", silenceLimit="
                + silenceLimit + ", pollWait=" + pollWait + "]";
    }
}
