package dev.sampo.internal.client;

import dev.sampo.internal.model.HeldResult;
import dev.sampo.spi.OutputSink;
import dev.sampo.spi.RecordWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;

/** The format of another sink, for parts that are held by the seed until the submitter has fetched them. */
public final class HeldSink<K, V> implements OutputSink<K, V> {
    private static final long serialVersionUID = 1;

    private final OutputSink<K, V> format;

    /** Creates a sink that writes as {@code format} does. */
    public HeldSink(OutputSink<K, V> format) {
        this.format = format;
    }

    @Override
    public URI directory() {
        return HeldResult.DIRECTORY;
    }

    @Override
    public boolean overwrite() {
        return false;
    }

    @Override
    public String extension() {
        return format.extension();
    }

    @Override
    public RecordWriter<K, V> open(OutputStream out) throws IOException {
        return format.open(out);
    }
}
