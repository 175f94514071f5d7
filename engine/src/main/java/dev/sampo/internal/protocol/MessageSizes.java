package dev.sampo.internal.protocol;

import dev.sampo.spi.Split;

/** How large what travels in lists becomes, so that messages stay well below the largest frame, 4 MiB. */
public final class MessageSizes {
    /** How much of a list goes into one message, but for a single element larger than that. */
    public static final long LIST_BYTES = 512 << 10;

    private static final int SPLIT_BYTES = 128;
    private static final int UTF8_BYTES_PER_CHAR = 3;

    private MessageSizes() {}

    /** Returns at least the size of a split in a message. */
    public static long bytesOf(Split split) {
        long chars = split.identity().length();
        for (String host : split.hosts()) {
            chars += host.length();
        }
        return SPLIT_BYTES + chars * UTF8_BYTES_PER_CHAR + split.payload().length;
    }
}
