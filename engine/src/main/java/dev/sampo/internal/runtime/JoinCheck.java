package dev.sampo.internal.runtime;

import com.typesafe.config.Config;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.cluster.ConfigValidation;
import org.apache.pekko.cluster.Invalid;
import org.apache.pekko.cluster.JoinConfigCompatChecker;
import org.apache.pekko.cluster.Valid;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Refuses a node of another cluster, or of a build that speaks another protocol, when it asks to join. Pekko calls this
 * on the member that is asked, which can only say no, and then on the node that joins, which can tell its user why: the
 * member leaves the decision to a joiner of another program. Made by Pekko, from its class name.
 */
public final class JoinCheck extends JoinConfigCompatChecker {
    /** The name of the cluster. */
    static final String CLUSTER = "sampo.join.cluster";
    /** The version of the protocol. */
    static final String PROTOCOL = "sampo.join.protocol";
    /** What the node is, such as {@code worker}. */
    static final String PROGRAM = "sampo.join.program";

    /** Called by Pekko. */
    public JoinCheck() {}

    @Override
    public Seq<String> requiredKeys() {
        return seq(List.of(CLUSTER, PROTOCOL, PROGRAM));
    }

    @Override
    public ConfigValidation check(Config toCheck, Config actualConfig) {
        for (String key : List.of(CLUSTER, PROTOCOL, PROGRAM)) {
            if (!toCheck.hasPath(key)) {
                return new Invalid(seq(List.of("the other node does not say its " + key)));
            }
        }
        boolean asked = !toCheck.getString(PROGRAM).equals("seed")
                && actualConfig.getString(PROGRAM).equals("seed");
        if (asked) {
            return Valid.getInstance();
        }
        List<String> problems = new ArrayList<>();
        compare("the name of the cluster", CLUSTER, toCheck, actualConfig, problems);
        compare("the protocol version", PROTOCOL, toCheck, actualConfig, problems);
        return problems.isEmpty() ? Valid.getInstance() : new Invalid(seq(problems));
    }

    private static void compare(String what, String key, Config other, Config own, List<String> problems) {
        if (!other.getString(key).equals(own.getString(key))) {
            problems.add(what + " is " + own.getString(key) + " here and " + other.getString(key)
                    + " at the other node; expected the same");
        }
    }

    private static Seq<String> seq(List<String> texts) {
        return CollectionConverters.asScala(texts).toList();
    }
}
