package dev.sampo.seed.http;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes a line for every change that somebody asked for: who, what, of which job or node, from where, and how it went. */
final class AuditLog {
    private static final Logger LOG = LoggerFactory.getLogger("dev.sampo.audit");

    private AuditLog() {}

    static void write(ApiRequest request, String what, String of, String outcome) {
        LOG.info(
                "who={} access={} what={} of={} from={} outcome={}",
                request.client().name(),
                request.client().access(),
                what,
                of,
                request.from(),
                outcome);
    }
}
