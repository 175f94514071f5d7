package dev.sampo.io;

import dev.sampo.spi.InputSource;
import dev.sampo.spi.ReadOptions;
import dev.sampo.spi.RecordReader;
import dev.sampo.spi.Split;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads a source as the engine does: serialized, split by split. */
final class ReadBack {
    static final int MAX_RECORD = 1 << 20;

    /**
     * A record that was read.
     *
     * @param path as the reader says
     * @param offset as the reader says
     * @param record its string, bytes as ISO 8859-1
     */
    record Line(String path, long offset, String record) {}

    private ReadBack() {}

    static ReadOptions splitBytes(long bytes) {
        return new ReadOptions(bytes, MAX_RECORD);
    }

    static List<Line> lines(InputSource<?> source, ReadOptions options) throws IOException {
        List<Line> all = new ArrayList<>();
        for (Split split : source.splits(options)) {
            all.addAll(lines(serialized(source), serialized(split), options));
        }
        return all;
    }

    static List<Line> lines(InputSource<?> source, Split split, ReadOptions options) throws IOException {
        List<Line> all = new ArrayList<>();
        try (RecordReader<?> reader = source.open(split, options)) {
            while (reader.next()) {
                Object record = reader.record();
                String string = record instanceof Text text
                        ? new String(text.array(), text.offset(), text.length(), StandardCharsets.ISO_8859_1)
                        : record.toString();
                all.add(new Line(reader.path(), reader.offset(), string));
            }
        }
        return all;
    }

    static List<String> records(InputSource<?> source, long splitBytes) throws IOException {
        return lines(source, splitBytes(splitBytes)).stream().map(Line::record).toList();
    }

    static List<String> paths(InputSource<?> source, long splitBytes) throws IOException {
        return lines(source, splitBytes(splitBytes)).stream()
                .map(Line::path)
                .distinct()
                .toList();
    }

    @SuppressWarnings("unchecked") // a copy has the class of its original
    static <T> T serialized(T value) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
                out.writeObject(value);
            }
            try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
                return (T) in.readObject();
            }
        } catch (IOException | ClassNotFoundException e) {
            throw new AssertionError("not serializable: " + value, e);
        }
    }
}
