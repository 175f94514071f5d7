package dev.sampo.internal.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sampo.internal.model.BlobRef;
import dev.sampo.internal.model.JobId;
import java.io.FileNotFoundException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The body of a submit, {@code multipart/form-data} (RFC 7578): the job as JSON, then the blobs the seed lacks. */
final class SubmitRequest {
    /** Occurs in no JSON, and in a blob by chance only with odds of 1 to 2 to the power of 128. */
    private static final String BOUNDARY = "sampo-7d1c2f0a9be64c35a8f2d4b06e913f57";

    private static final String LINE = "\r\n";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String json;
    private final JobPackager packed;

    SubmitRequest(JobId job, JobPackager packed) {
        this.packed = packed;
        ObjectNode tree = JSON.createObjectNode();
        tree.put("id", job.value());
        tree.set("outline", JSON.valueToTree(packed.outline()));
        tree.set("definition", JSON.valueToTree(packed.definition()));
        try {
            this.json = JSON.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("job " + job + " cannot be written as JSON; expected facts and bytes", e);
        }
    }

    /** Returns the body of a request to cancel a job. */
    static String cancel(String reason) {
        return JSON.createObjectNode().put("reason", reason).toString();
    }

    static String contentType() {
        return "multipart/form-data; boundary=" + BOUNDARY;
    }

    /** Returns the digests of all blobs of the job. */
    List<String> digests() {
        return packed.shipment().blobs().stream().map(BlobRef::digest).toList();
    }

    /**
     * Returns the body; made anew for each seed that is tried.
     *
     * @param lacking the digests of the blobs that go with it
     * @throws UncheckedIOException when the file of a blob is gone
     */
    BodyPublisher body(Set<String> lacking) {
        List<BodyPublisher> pieces = new ArrayList<>();
        pieces.add(text(head("job", "application/json") + json + LINE));
        for (String digest : digests()) {
            Optional<Path> file = packed.shipment().find(digest);
            if (lacking.contains(digest) && file.isPresent()) {
                pieces.add(text(head(digest, "application/octet-stream")));
                pieces.add(file(file.get()));
                pieces.add(text(LINE));
            }
        }
        pieces.add(text("--" + BOUNDARY + "--" + LINE));
        return BodyPublishers.concat(pieces.toArray(BodyPublisher[]::new));
    }

    private static BodyPublisher file(Path file) {
        try {
            return BodyPublishers.ofFile(file);
        } catch (FileNotFoundException e) {
            throw new UncheckedIOException("blob " + file + " is gone; expected it until the job has ended", e);
        }
    }

    /** Lets go of what was made to be sent. */
    void close() {
        packed.shipment().close();
    }

    private static String head(String name, String type) {
        return "--" + BOUNDARY + LINE + "Content-Disposition: form-data; name=\"" + name + "\""
                + (name.equals("job") ? "" : "; filename=\"" + name + "\"") + LINE
                + "Content-Type: " + type + LINE + LINE;
    }

    private static BodyPublisher text(String text) {
        return BodyPublishers.ofString(text, StandardCharsets.UTF_8);
    }
}
