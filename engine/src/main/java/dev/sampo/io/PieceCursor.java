package dev.sampo.io;

import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Goes through the pieces of one split with one file open at a time. */
final class PieceCursor implements Closeable {
    private final List<NamedInput> inputs;
    private final List<FilePiece> pieces;
    private int next;
    private long bytesOfClosed;
    private String shown = "";
    private @Nullable PieceData data;
    private @Nullable OpenPlace place;
    private int placeRoot = -1;

    PieceCursor(List<NamedInput> inputs, List<FilePiece> pieces) {
        this.inputs = inputs;
        this.pieces = pieces;
    }

    /** Returns the piece to open next, or null behind the last. */
    @Nullable
    FilePiece peek() {
        return next < pieces.size() ? pieces.get(next) : null;
    }

    /**
     * Closes the piece that is open and opens the next one.
     *
     * @param offset where in the file to begin
     */
    PieceData open(long offset) throws IOException {
        closePiece();
        FilePiece piece = pieces.get(next++);
        NamedInput input = inputs.get(piece.root() / 2);
        NamedInput.Place root = piece.root() % 2 == 0 ? input.literal() : input.globBase();
        if (piece.root() != placeRoot || place == null) {
            closePlace();
            place = openPlace(root);
            placeRoot = piece.root();
        }
        Path path;
        if (piece.nameIsUri()) {
            path = Path.of(URI.create(piece.name()));
            shown = root.shown(place.path().relativize(path).toString());
        } else {
            path = piece.name().isEmpty() ? place.path() : place.path().resolve(piece.name());
            shown = root.shown(piece.name());
        }
        data = PieceData.open(path, shown, piece, offset);
        return data;
    }

    private static OpenPlace openPlace(NamedInput.Place root) throws IOException {
        try {
            return OpenPlace.open(root);
        } catch (IOException e) {
            throw InputErrors.explain(root.shown(), e);
        }
    }

    /** Returns how people see the file that was opened last. */
    String shown() {
        return shown;
    }

    long bytesRead() {
        return bytesOfClosed + (data == null ? 0 : data.bytesRead());
    }

    /** Closes the piece that is open. */
    void closePiece() throws IOException {
        PieceData open = data;
        if (open != null) {
            bytesOfClosed += open.bytesRead();
            data = null;
            open.close();
        }
    }

    private void closePlace() throws IOException {
        OpenPlace open = place;
        if (open != null) {
            place = null;
            open.close();
        }
    }

    @Override
    public void close() throws IOException {
        try {
            closePiece();
        } finally {
            closePlace();
        }
    }
}
