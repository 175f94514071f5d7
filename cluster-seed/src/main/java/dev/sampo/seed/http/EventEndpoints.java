package dev.sampo.seed.http;

import dev.sampo.internal.client.ClusterApi;
import dev.sampo.internal.config.HttpSettings;
import dev.sampo.internal.model.EventReport;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.protocol.ApiProtocol.EventsRead;
import dev.sampo.spi.ErrorCode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * Streams of events, as server-sent events. A stream reads the coordinator's log as fast as its client takes the events,
 * and no faster; it goes on when the coordinator moves to another seed.
 */
final class EventEndpoints {
    private static final int PAGE = 200;
    private static final int RETRY_SECONDS = 5;
    private static final long FROM_NOW = -1;

    private final ClusterApi cluster;
    private final Duration heartbeat;
    private final int most;
    private final Semaphore streams;

    EventEndpoints(ClusterApi cluster, HttpSettings settings) {
        this.cluster = cluster;
        this.heartbeat = settings.times().heartbeat();
        this.most = settings.limits().streams();
        this.streams = new Semaphore(most);
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.of(HttpMethods.GET, "/v1/events", Access.VIEW, request -> open(request, Optional.empty())),
                Endpoint.of(
                        HttpMethods.GET,
                        "/v1/jobs/{id}/events",
                        Access.VIEW,
                        request -> open(request, Optional.of(request.job()))));
    }

    private CompletionStage<HttpResponse> open(ApiRequest request, Optional<JobId> job) {
        long after = after(request, job.isPresent() ? 0 : FROM_NOW);
        if (!streams.tryAcquire()) {
            throw ApiProblem.retryable(
                    StatusCodes.SERVICE_UNAVAILABLE,
                    ErrorCode.TOO_MANY_REQUESTS,
                    most + " streams of events are open; expected fewer (sampo.http.max-streams)",
                    RETRY_SECONDS);
        }
        // the first page tells whether there is such a job, while a status can still say so
        return cluster.events(job, after, PAGE, Duration.ZERO).handle((first, failure) -> {
            if (failure != null) {
                streams.release();
                throw ApiProblem.of(failure);
            } else if (!first.known()) {
                streams.release();
                throw ApiProblem.unknownJob(job.map(JobId::value).orElse(""));
            }
            return HttpResponse.create()
                    .withStatus(StatusCodes.OK)
                    .addHeader(RawHeader.create("Cache-Control", "no-store"))
                    .withEntity(HttpEntities.createChunked(
                            MediaTypes.TEXT_EVENT_STREAM.toContentType(), stream(job, first)));
        });
    }

    private static long after(ApiRequest request, long otherwise) {
        Optional<String> last = request.header("Last-Event-ID");
        if (last.isEmpty() || last.get().isBlank()) {
            return request.number("after", otherwise, Long.MAX_VALUE);
        }
        try {
            return Math.max(0, Long.parseLong(last.get().strip()));
        } catch (NumberFormatException e) {
            throw ApiProblem.invalid(
                    "Last-Event-ID is '" + last.get() + "'; expected the id of an event of this stream", last.get());
        }
    }

    private Source<ByteString, NotUsed> stream(Optional<JobId> job, EventsRead first) {
        Source<ByteString, NotUsed> rest = Source.unfoldAsync(
                first, last -> last.ended() ? CompletableFuture.completedFuture(Optional.empty()) : next(job, last));
        return Source.single(text(first)).concat(rest).watchTermination((nothing, done) -> {
            done.whenComplete((end, failure) -> streams.release());
            return nothing;
        });
    }

    private CompletionStage<Optional<Pair<EventsRead, ByteString>>> next(Optional<JobId> job, EventsRead last) {
        return cluster.events(job, last.next(), PAGE, heartbeat).handle((read, failure) -> {
            // no coordinator just now: say that we live, and ask the next one from the same place
            EventsRead page = failure == null ? read : new EventsRead(List.of(), false, last.next(), true, false);
            return Optional.of(Pair.create(page, text(page)));
        });
    }

    private static ByteString text(EventsRead page) {
        StringBuilder text = new StringBuilder();
        if (page.gap()) {
            text.append("event: gap\ndata: ")
                    .append(Json.text(
                            Map.of("type", "Gap", "message", "events before the next one are not kept any more")))
                    .append("\n\n");
        }
        for (EventReport event : page.events()) {
            text.append("id: ")
                    .append(event.sequence())
                    .append("\ndata: ")
                    .append(Json.text(view(event)))
                    .append("\n\n");
        }
        return ByteString.fromString(text.length() == 0 ? ":\n\n" : text.toString());
    }

    static Map<String, Object> view(EventReport event) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("sequence", event.sequence());
        view.put("at", event.at().toString());
        view.put("type", event.type());
        view.put("warning", event.warning());
        view.put("message", event.message());
        new TreeMap<>(event.texts()).forEach(view::putIfAbsent);
        new TreeMap<>(event.numbers()).forEach(view::putIfAbsent);
        new TreeMap<>(event.flags()).forEach(view::putIfAbsent);
        return view;
    }
}
