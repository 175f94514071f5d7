package dev.sampo.testkit;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One message on the control connection between the parent and a node. Both run the same version of the kit, so there
 * is no format to keep.
 *
 * @param kind what it is
 * @param fields what belongs to it, in an order that the kind fixes
 */
record Frame(Kind kind, List<String> fields) {
    private static final int MAX_FIELDS = 16;
    private static final int MAX_FIELD_BYTES = 16 << 20;

    /** What a frame says; the fields in brackets. */
    enum Kind {
        /** Node to parent, first of all: [role, token]. */
        HELLO,
        /** Node to parent: it is connected to the conductor, and its test begins. */
        STARTED,
        /** Node to parent: the test has ended: [outcome, text]. */
        VERDICT,
        /** Node to parent: a request: [id, operation, arguments...]. */
        REQUEST,
        /** Parent to node: the answer to a request: [id, ok or error, text]. */
        REPLY,
        /** Parent to conductor: barriers must no longer wait for a role: [id, role]. */
        REMOVE,
        /** Conductor to parent: that is arranged: [id]. */
        REMOVED,
        /** Parent to node: call System.exit: [code]. */
        EXIT,
        /** Parent to node: another role failed: [reason]. */
        CANCEL,
        /** Parent to node: all is over, go. */
        STOP
    }

    Frame {
        fields = List.copyOf(fields);
    }

    static Frame of(Kind kind, String... fields) {
        return new Frame(kind, List.of(fields));
    }

    String field(int index) {
        return fields.get(index);
    }

    void writeTo(DataOutputStream out) throws IOException {
        out.writeUTF(kind.name());
        out.writeByte(fields.size());
        for (String field : fields) {
            byte[] bytes = field.getBytes(StandardCharsets.UTF_8);
            out.writeInt(bytes.length);
            out.write(bytes);
        }
        out.flush();
    }

    /** Reads the next frame; an {@link java.io.EOFException} is the end of the connection. */
    static Frame readFrom(DataInputStream in) throws IOException {
        Kind kind = kindNamed(in.readUTF());
        int count = in.readUnsignedByte();
        if (count > MAX_FIELDS) {
            throw new IOException("frame with " + count + " fields; expected at most " + MAX_FIELDS);
        }
        List<String> fields = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int length = in.readInt();
            if (length < 0 || length > MAX_FIELD_BYTES) {
                throw new IOException("field of " + length + " bytes; expected at most " + MAX_FIELD_BYTES);
            }
            fields.add(new String(in.readNBytes(length), StandardCharsets.UTF_8));
        }
        return new Frame(kind, fields);
    }

    private static Kind kindNamed(String name) throws IOException {
        try {
            return Kind.valueOf(name);
        } catch (IllegalArgumentException e) {
            throw new IOException("frame of kind '" + name + "'; expected a node of this kit", e);
        }
    }
}
