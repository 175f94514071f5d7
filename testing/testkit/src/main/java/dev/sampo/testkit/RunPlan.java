package dev.sampo.testkit;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What one run of one test method needs.
 *
 * @param name the class and the method, for people
 * @param uniqueId the test's id in the JUnit platform
 * @param roles the roles, without the conductor
 * @param timeout how long the run may take
 * @param jvmArguments the user's arguments for the JVMs
 * @param config the user's HOCON
 * @param directory where logs go
 */
record RunPlan(
        String name,
        String uniqueId,
        List<String> roles,
        Duration timeout,
        List<String> jvmArguments,
        String config,
        Path directory) {
    /** The role with index 0, which holds the barriers and runs no test, so that every named role can be killed. */
    static final String CONDUCTOR = "conductor";

    private static final Pattern ROLE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    RunPlan {
        roles = List.copyOf(roles);
        jvmArguments = List.copyOf(jvmArguments);
        if (roles.isEmpty()) {
            throw new IllegalArgumentException("@MultiNodeTest of " + name + " has no roles; expected at least one");
        }
        Set<String> seen = new HashSet<>(Set.of(CONDUCTOR));
        for (String role : roles) {
            if (!ROLE.matcher(role).matches()) {
                throw new IllegalArgumentException("role '" + role + "' of " + name + "; expected " + ROLE.pattern());
            }
            if (!seen.add(role)) {
                throw new IllegalArgumentException("role '" + role + "' of " + name
                        + " is named twice or reserved; expected each once, and none named " + CONDUCTOR);
            }
        }
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout of " + name + ": " + timeout + "; expected more than 0");
        }
    }

    /** Returns all processes of the run: the conductor, then the roles. The position is the index of the node. */
    List<String> nodes() {
        return Stream.concat(Stream.of(CONDUCTOR), roles.stream()).toList();
    }
}
