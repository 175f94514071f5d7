package dev.sampo.deploy;

import dev.sampo.cli.Main;
import dev.sampo.seed.SeedMain;
import dev.sampo.worker.WorkerNode;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Arrays;
import java.util.List;

/**
 * The entry point of the image, which has no shell: {@code seed} and {@code worker} with their options start a node,
 * {@code health URL} asks one how it is, everything else is a command of {@code ./sampo}. A worker runs in this process
 * and not as the child of one: the platform that runs containers starts it again.
 */
public final class ContainerMain {
    private static final String SETTINGS = "/etc/sampo/";
    private static final String LOG_SETTINGS = "logback.configurationFile";

    private ContainerMain() {}

    /** Runs the program that the first argument names, and ends the process. */
    public static void main(String[] arguments) {
        String program = arguments.length == 0 ? "" : arguments[0];
        List<String> rest = Arrays.asList(arguments).subList(Math.min(1, arguments.length), arguments.length);
        switch (program) {
            case "seed" -> SeedMain.main(node("seed").complete(rest));
            case "worker" -> WorkerNode.main(node("worker").complete(rest));
            case "health" -> System.exit(HealthCheck.run(rest, System.err));
            default -> Main.main(arguments);
        }
    }

    private static NodeArguments node(String kind) {
        // before anything logs: else the command line's settings, which are on the same class path, would count
        if (System.getProperty(LOG_SETTINGS) == null) {
            System.setProperty(LOG_SETTINGS, "logback.xml");
        }
        return new NodeArguments(SETTINGS + kind + ".conf", ContainerMain::ownAddress);
    }

    /** The first address that is not loopback, IPv4 before IPv6; a container mostly has one. */
    private static String ownAddress() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                    .min((a, b) -> Integer.compare(a.getAddress().length, b.getAddress().length))
                    .map(InetAddress::getHostAddress)
                    .orElse("127.0.0.1");
        } catch (SocketException e) {
            throw new UncheckedIOException("the addresses of this container cannot be listed; expected --host", e);
        }
    }
}
