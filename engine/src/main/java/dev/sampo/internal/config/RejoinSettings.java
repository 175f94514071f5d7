package dev.sampo.internal.config;

import java.time.Duration;

/**
 * What a worker or a submitter does that lost the cluster, because a lone seed died or because it was taken out.
 *
 * @param silence how long no seed may answer before the node begins anew and looks for seeds as at its start
 * @param limit how long it tries to join again before it gives up and ends
 * @param forgetAfter how long outputs of a job that the coordinator does not know are kept
 */
public record RejoinSettings(Duration silence, Duration limit, Duration forgetAfter) {
    static RejoinSettings from(ConfigReader reader) {
        Duration most = Duration.ofDays(7);
        return new RejoinSettings(
                reader.duration("silence", Duration.ofSeconds(1), most),
                reader.duration("limit", Duration.ofSeconds(1), most),
                reader.duration("forget-after", Duration.ofSeconds(1), most));
    }
}
