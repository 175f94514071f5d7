package dev.sampo.deploy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The options of a node in a container: what the operator said, and what every node in a container needs. */
final class NodeArguments {
    private final String settingsFile;
    private final Supplier<String> ownAddress;

    /**
     * Creates the rule.
     *
     * @param settingsFile the image's own settings of the node
     * @param ownAddress the address that other containers reach this one at
     */
    NodeArguments(String settingsFile, Supplier<String> ownAddress) {
        this.settingsFile = settingsFile;
        this.ownAddress = ownAddress;
    }

    /** Returns the options with the settings of the image, and the container's address, where others were not given. */
    String[] complete(List<String> given) {
        List<String> all = new ArrayList<>(given);
        if (!has(given, "--config")) {
            all.add("--config=" + settingsFile);
        }
        if (!has(given, "--host")) {
            all.add("--host=" + ownAddress.get());
        }
        return all.toArray(String[]::new);
    }

    private static boolean has(List<String> given, String option) {
        return given.stream().anyMatch(argument -> argument.equals(option) || argument.startsWith(option + "="));
    }
}
