package dev.sampo.internal.transfer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.EOFException;
import java.io.IOException;
import java.util.Iterator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A stream that a server sends, as far as its reader has given credit. Used by the connection's event loop. */
final class Outgoing {
    /** A smaller piece of a file is read and sent with its neighbours: a system call of its own costs more. */
    private static final int LEAST_SENDFILE = 32 << 10;

    private final int id;
    private long credit;
    private @Nullable Content content;
    private @Nullable Iterator<Content.Piece> pieces;
    private Content.@Nullable Piece piece;
    private @Nullable SharedFile file;
    private long position;
    private long left;
    private int writes;
    private boolean ended;

    /** Whether it is in the queue of those that can go on. */
    boolean queued;

    Outgoing(int id, long credit) {
        this.id = id;
        this.credit = credit;
    }

    int id() {
        return id;
    }

    void begin(Content found) {
        content = found;
        pieces = found.pieces().iterator();
        left = found.length();
    }

    void addCredit(long bytes) {
        credit = Math.min(Long.MAX_VALUE / 2, credit + bytes);
    }

    long left() {
        return left;
    }

    boolean canSend() {
        return content != null && !ended && (credit > 0 || left == 0);
    }

    boolean isEnded() {
        return ended;
    }

    void writeBegins() {
        writes++;
    }

    void writeEnds() {
        writes--;
        releaseIfDone();
    }

    /** Sends no more; what it holds is released when what is on its way was written. */
    void end() {
        ended = true;
        if (file != null) {
            file.release();
            file = null;
        }
        releaseIfDone();
    }

    private void releaseIfDone() {
        if (ended && writes == 0 && content != null) {
            content.release();
        }
    }

    /**
     * Returns the next bytes, at least one of them: a {@link ByteBuf} or a {@link SharedFile.Region}.
     *
     * @param regions whether files may go out by sendfile
     */
    Object next(ByteBufAllocator buffers, boolean regions) throws IOException {
        Content.Piece now = piece();
        long inPiece = now.length() - position;
        Object bytes;
        if (regions && now instanceof Content.FilePart part && inPiece >= LEAST_SENDFILE) {
            bytes = region(part, (int) Math.min(Math.min(credit, inPiece), Frames.LARGEST_RAW));
        } else if (now instanceof Content.Memory memory && inPiece >= Math.min(credit, Frames.LARGEST_DATA)) {
            int count = (int) Math.min(Math.min(credit, inPiece), Frames.LARGEST_DATA);
            bytes = slice(memory, count);
        } else {
            bytes = gather(buffers, (int) Math.min(Math.min(credit, left), Frames.LARGEST_DATA), regions);
        }
        return bytes;
    }

    private SharedFile.Region region(Content.FilePart part, int count) throws IOException {
        SharedFile open = open(part);
        open.require(part.offset() + position + count);
        SharedFile.Region region = open.region(part.offset() + position, count);
        taken(count);
        return region;
    }

    private ByteBuf slice(Content.Memory memory, int count) {
        int start = memory.bytes().position() + (int) position;
        ByteBuf bytes = Unpooled.wrappedBuffer(memory.bytes().slice(start, count));
        taken(count);
        return bytes;
    }

    private ByteBuf gather(ByteBufAllocator buffers, int most, boolean regions) throws IOException {
        ByteBuf out = buffers.buffer(most, most);
        try {
            while (out.isWritable()) {
                Content.Piece now = piece();
                long inPiece = now.length() - position;
                int count = (int) Math.min(out.writableBytes(), inPiece);
                if (now instanceof Content.FilePart part) {
                    if (regions && inPiece >= LEAST_SENDFILE && out.isReadable()) {
                        break;
                    }
                    int before = out.writerIndex();
                    try {
                        read(part, out, count);
                    } catch (IOException e) {
                        if (before == 0) {
                            throw e;
                        }
                        // what comes before it is whole; the next call meets the trouble again
                        return out.writerIndex(before);
                    }
                } else if (now instanceof Content.Memory memory) {
                    int start = memory.bytes().position() + (int) position;
                    out.writeBytes(memory.bytes().slice(start, count));
                }
                taken(count);
            }
            return out;
        } catch (IOException | RuntimeException e) {
            out.release();
            throw e;
        }
    }

    private void read(Content.FilePart part, ByteBuf out, int count) throws IOException {
        SharedFile open = open(part);
        long at = part.offset() + position;
        for (int done = 0; done < count; ) {
            int read = out.writeBytes(open.channel(), at + done, count - done);
            if (read < 0) {
                throw new EOFException(part.file() + " ends at " + (at + done) + "; expected " + (at + count));
            }
            done += read;
        }
    }

    private SharedFile open(Content.FilePart part) throws IOException {
        if (file == null) {
            file = SharedFile.open(part.file());
        }
        return file;
    }

    /** Returns the piece whose turn it is, which has bytes left. */
    private Content.Piece piece() {
        Content.Piece now = piece;
        while (now == null || position == now.length()) {
            if (file != null) {
                file.release();
                file = null;
            }
            now = Objects.requireNonNull(pieces, "pieces").next();
            piece = now;
            position = 0;
        }
        return now;
    }

    private void taken(int count) {
        position += count;
        left -= count;
        credit -= count;
    }
}
