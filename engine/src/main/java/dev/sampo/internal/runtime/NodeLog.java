package dev.sampo.internal.runtime;

import dev.sampo.internal.observe.LogKeys;

/** How the programs of nodes log. Has no logger of its own: the first one made would settle the matter too early. */
public final class NodeLog {
    private static final String SETTINGS = "logback.configurationFile";

    private NodeLog() {}

    /**
     * Makes the node log as node programs do, wherever the JVM's class path has other settings. Called first of all.
     *
     * @param kind what its lines are marked with until its address is known
     */
    public static void as(String kind) {
        System.setProperty(LogKeys.NODE_PROPERTY, kind);
        if (System.getProperty(SETTINGS) == null) {
            System.setProperty(SETTINGS, "logback.xml");
        }
    }
}
