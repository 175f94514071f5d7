package dev.sampo.io;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import dev.sampo.spi.ByteWriter;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The pieces of one split as bytes. Thousands of them travel in messages, so each path is written as the difference to
 * the one before it, and the whole is compressed.
 */
final class PieceList {
    private static final int PLAIN = 1;
    private static final int URI = 2;
    private static final int PART = 4;
    private static final int FLAG_BITS = 3;

    private PieceList() {}

    static byte[] encode(List<FilePiece> pieces) {
        ByteWriter out = new ByteWriter(64 + 16 * pieces.size());
        byte[] before = {};
        out.writeVarInt(pieces.size());
        for (FilePiece piece : pieces) {
            int flags = (piece.content() == FilePiece.Content.PLAIN ? PLAIN : 0)
                    | (piece.nameIsUri() ? URI : 0)
                    | (piece.isWhole() ? 0 : PART);
            out.writeVarInt((piece.root() << FLAG_BITS) | flags);
            byte[] name = piece.name().getBytes(StandardCharsets.UTF_8);
            int difference = Arrays.mismatch(before, name);
            int common = difference < 0 ? name.length : difference;
            out.writeVarInt(common);
            out.writeVarInt(name.length - common);
            out.write(name, common, name.length - common);
            if (!piece.isWhole()) {
                out.writeLong(piece.from());
                out.writeLong(piece.to());
            }
            before = name;
        }
        byte[] compressed = Zstd.compress(out.toByteArray());
        ByteBuffer payload = ByteBuffer.allocate(Integer.BYTES + compressed.length);
        return payload.putInt(out.length()).put(compressed).array();
    }

    static List<FilePiece> decode(byte[] payload) {
        try {
            byte[] compressed = Arrays.copyOfRange(payload, Integer.BYTES, payload.length);
            byte[] bytes = Zstd.decompress(compressed, ByteBuffer.wrap(payload).getInt());
            int limit = bytes.length;
            int count = VarInts.get(bytes, 0, limit);
            int at = VarInts.width(count);
            byte[] name = {};
            List<FilePiece> pieces = new ArrayList<>(Math.min(count, limit));
            for (int i = 0; i < count; i++) {
                int head = VarInts.get(bytes, at, limit);
                at += VarInts.width(head);
                int common = VarInts.get(bytes, at, limit);
                at += VarInts.width(common);
                int added = VarInts.get(bytes, at, limit);
                at += VarInts.width(added);
                name = Arrays.copyOf(name, common + added);
                System.arraycopy(bytes, at, name, common, added);
                at += added;
                long from = 0;
                long to = Long.MAX_VALUE;
                if ((head & PART) != 0) {
                    from = ByteBuffer.wrap(bytes).getLong(at);
                    to = ByteBuffer.wrap(bytes).getLong(at + Long.BYTES);
                    at += 2 * Long.BYTES;
                }
                pieces.add(new FilePiece(
                        head >>> FLAG_BITS,
                        new String(name, StandardCharsets.UTF_8),
                        (head & URI) != 0,
                        (head & PLAIN) != 0 ? FilePiece.Content.PLAIN : FilePiece.Content.MAYBE_COMPRESSED,
                        from,
                        to));
            }
            return pieces;
        } catch (ZstdException
                | IndexOutOfBoundsException
                | IllegalArgumentException
                | NegativeArraySizeException
                | BufferUnderflowException e) {
            throw new SampoException(
                    ErrorCode.DATA_CORRUPT, "the payload of a split, " + payload.length + " bytes, is malformed", e);
        }
    }
}
