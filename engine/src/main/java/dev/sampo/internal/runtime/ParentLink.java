package dev.sampo.internal.runtime;

import com.typesafe.config.Config;
import dev.sampo.internal.model.DataAddress;
import dev.sampo.internal.model.NodeFacts;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's end of its link to the process that started it and starts it again. The node's standard input is a pipe
 * that nobody writes to; it ends with the parent, and so does the node.
 */
public final class ParentLink {
    /** The option that names the file for {@link NodeReport}. */
    public static final String REPORT_OPTION = "--parent-report";
    /** The option that names the port of the life before. */
    public static final String PORT_OPTION = "--parent-port";

    private static final Logger LOG = LoggerFactory.getLogger(ParentLink.class);

    private final Path report;
    private final boolean again;
    private String address = "";
    private String node = "";
    private String seedData = "";
    private long uid;

    /**
     * Makes the link.
     *
     * @param report where the parent looks for what the node has to say
     * @param again whether there was a life before, whose port this one has
     */
    public ParentLink(Path report, boolean again) {
        this.report = report;
        this.again = again;
    }

    /** Starts the worker node of this process. */
    public NodeProcess worker(Config config) {
        return NodeProcess.worker(config, this::registered);
    }

    boolean again() {
        return again;
    }

    /** Ends this JVM in order when the parent is gone. */
    void watch() {
        Thread thread = new Thread(this::awaitEnd, "sampo-parent");
        thread.setDaemon(true);
        thread.start();
    }

    private void awaitEnd() {
        try {
            while (System.in.read() >= 0) {
                LOG.debug("the parent process wrote something, which it never does");
            }
        } catch (IOException e) {
            LOG.debug("the pipe from the parent process broke", e);
        }
        LOG.warn("The parent process is gone; the node ends too");
        System.exit(NodeProgram.INTERNAL);
    }

    /** Tells that the node is a member. */
    synchronized void joined(String hostAndPort, long number) {
        address = hostAndPort;
        uid = number;
        write();
    }

    /** Tells as what the coordinator knows the node, and where the coordinator takes notices. */
    private synchronized void registered(NodeFacts facts, DataAddress coordinator) {
        node = facts.id().value();
        seedData = coordinator.equals(DataAddress.NONE) ? "" : coordinator.toString();
        write();
    }

    private void write() {
        if (address.isEmpty()) {
            return; // the parent is told when the node is a member
        }
        try {
            new NodeReport(address, node, seedData, uid).write(report);
        } catch (IOException e) {
            LOG.warn("The parent process cannot be told where the node is: {}", e.toString());
        }
    }
}
