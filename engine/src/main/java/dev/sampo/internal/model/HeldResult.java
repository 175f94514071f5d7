package dev.sampo.internal.model;

import java.net.URI;

/**
 * The place of results that are in no directory: every part is copied from the node that made it to the seed that
 * coordinates the job, where the submitter fetches it. So a job needs no file system that all nodes share.
 */
public final class HeldResult {
    private static final String SCHEME = "sampo-result";

    /** What a sink names as its directory when its parts are held by the seed. */
    public static final URI DIRECTORY = URI.create(SCHEME + ":/");

    private HeldResult() {}

    /** Returns whether the parts of a sink with this directory are held by the seed. */
    public static boolean isHeld(URI directory) {
        return SCHEME.equals(directory.getScheme());
    }
}
