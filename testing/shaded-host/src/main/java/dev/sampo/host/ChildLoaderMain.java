package dev.sampo.host;

import java.net.URL;
import java.net.URLClassLoader;

/**
 * Runs {@link HostMain} from a class loader of its own, as application servers and plug-in systems do. The context class
 * loader is another one: that of the program, which has other classes of the same names, or with the argument {@code
 * blind} one that has no classes at all.
 */
public final class ChildLoaderMain {
    private ChildLoaderMain() {}

    public static void main(String[] args) throws Exception {
        URL jar = ChildLoaderMain.class.getProtectionDomain().getCodeSource().getLocation();
        if (args.length > 0 && args[0].equals("blind")) {
            Thread.currentThread().setContextClassLoader(new URLClassLoader(new URL[0], null));
        }
        try (URLClassLoader child = new URLClassLoader(new URL[] {jar}, ClassLoader.getPlatformClassLoader())) {
            Class<?> host = child.loadClass(HostMain.class.getName());
            if (host == HostMain.class) {
                throw new IllegalStateException(host + " has the loader of the program; expected the child");
            }
            host.getMethod("main", String[].class).invoke(null, (Object) new String[0]);
        }
    }
}
