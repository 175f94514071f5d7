package dev.sampo.internal.config;

/** Writes sizes the way they are written in a configuration. */
final class ByteSize {
    private static final String[] UNITS = {"", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    private ByteSize() {}

    /** Returns the size in the largest unit that divides it. */
    static String format(long bytes) {
        int unit = 0;
        long count = bytes;
        while (unit < UNITS.length - 1 && count != 0 && count % 1024 == 0) {
            count /= 1024;
            unit++;
        }
        return count + UNITS[unit];
    }
}
