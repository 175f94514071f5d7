package dev.sampo.internal.shuffle;

/**
 * Walks over uncompressed blocks in memory and copies nothing. It does not check sums: the bytes never left the heap of
 * the process that wrote them.
 */
final class InPlaceBlockReader implements BlockReader {
    private final byte[] memory;
    private final int end;
    private int offset;
    private int length;

    InPlaceBlockReader(byte[] memory, int start, int end) {
        this.memory = memory;
        this.offset = start;
        this.end = end;
    }

    @Override
    public boolean next() {
        int header = offset + length;
        if (header == end) {
            return false;
        }
        length = (int) KeyOrder.INT.get(memory, header);
        offset = header + BlockFormat.HEADER_BYTES;
        return true;
    }

    @Override
    public byte[] array() {
        return memory;
    }

    @Override
    public int offset() {
        return offset;
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public void close() {}
}
