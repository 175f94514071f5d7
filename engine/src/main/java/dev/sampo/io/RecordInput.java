package dev.sampo.io;

import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.InputSource;
import dev.sampo.spi.ReadOptions;
import dev.sampo.spi.RecordReader;
import dev.sampo.spi.SampoException;
import dev.sampo.spi.Split;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Records of one size in binary files, without anything between them. A record is a view that is valid until the next
 * one. Inputs are named as for {@link TextInput}. A file whose size is not a multiple of the record size is refused.
 *
 * <p>A file is uncompressed when its name ends in {@code .gz}, {@code .gzip}, {@code .zst} or {@code .zstd} and its
 * first bytes agree. The first bytes alone do not decide here, for a binary record may begin like that by chance.
 * Immutable.
 */
public final class RecordInput implements InputSource<Text> {
    private static final long serialVersionUID = 1;

    private final int recordBytes;
    private final ArrayList<NamedInput> inputs;
    private final ArrayList<String> locations;

    private RecordInput(int recordBytes, List<NamedInput> inputs, List<String> locations) {
        if (recordBytes < 1) {
            throw new SampoException(
                    ErrorCode.JOB_INVALID, "record size: " + recordBytes + " bytes; expected at least 1");
        }
        this.recordBytes = recordBytes;
        this.inputs = new ArrayList<>(inputs);
        this.locations = new ArrayList<>(locations);
    }

    /**
     * Returns the records of the inputs that are named.
     *
     * @param recordBytes the size of every record, at least 1
     */
    public static RecordInput from(int recordBytes, String... pathsGlobsOrUris) {
        return from(recordBytes, Arrays.asList(pathsGlobsOrUris));
    }

    /**
     * Returns the records of the inputs that are named.
     *
     * @param recordBytes the size of every record, at least 1
     */
    public static RecordInput from(int recordBytes, List<String> pathsGlobsOrUris) {
        return new RecordInput(
                recordBytes, pathsGlobsOrUris.stream().map(NamedInput::of).toList(), List.of());
    }

    /**
     * Returns the same records, preferably read by nodes that one of the locations names: for files that exist on some nodes
     * only, or are nearer to them. Other nodes read them when these are busy for longer than {@code
     * sampo.task.locality-wait}, or none is there.
     *
     * @param hostsOrLabels each the host of a node, its {@code host:port}, or a label such as {@code zone=a}
     */
    public RecordInput near(List<String> hostsOrLabels) {
        return new RecordInput(recordBytes, inputs, hostsOrLabels);
    }

    @Override
    public List<Split> splits(ReadOptions options) throws IOException {
        checkSize(options);
        FileScan scan = new FileScan(this::inspect);
        SplitPlanner planner = new SplitPlanner(options.splitBytes(), recordBytes, locations);
        for (int i = 0; i < inputs.size(); i++) {
            scan.scan(inputs.get(i), i).forEach(planner::add);
        }
        return planner.splits();
    }

    private FilePiece.Content inspect(Path path, String shown, long size) throws IOException {
        try {
            if (Compression.isNamedCompressed(shown) && Compression.of(path) != Compression.NONE) {
                return FilePiece.Content.MAYBE_COMPRESSED;
            }
        } catch (IOException e) {
            throw InputErrors.explain(shown, e);
        }
        if (size % recordBytes != 0) {
            throw FixedRecordReader.unevenSize(shown, size, recordBytes);
        }
        return FilePiece.Content.PLAIN;
    }

    @Override
    public RecordReader<Text> open(Split split, ReadOptions options) {
        checkSize(options);
        return new FixedRecordReader(new PieceCursor(inputs, PieceList.decode(split.payload())), recordBytes);
    }

    private void checkSize(ReadOptions options) {
        if (recordBytes > options.maxRecordBytes()) {
            throw new SampoException(
                    ErrorCode.RECORD_TOO_LARGE,
                    "record size: " + recordBytes + " bytes; expected at most " + options.maxRecordBytes());
        }
    }

    @Override
    public String toString() {
        return "RecordInput[" + recordBytes + " bytes, "
                + inputs.stream().map(input -> input.literal().shown()).toList() + "]";
    }
}
