package dev.sampo.examples.grep;

import dev.sampo.io.Text;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs a regular expression over bytes through one reused view: no string is made per line. */
final class ByteSearch implements LinePattern.Search {
    private final Bytes bytes = new Bytes();
    private final Matcher matcher;

    ByteSearch(Pattern pattern) {
        this.matcher = pattern.matcher(bytes);
    }

    @Override
    public boolean isIn(Text line) {
        bytes.set(line);
        return matcher.reset().find();
    }

    /** Bytes as characters. */
    private static final class Bytes implements CharSequence {
        /** From here on Unicode has characters for private use: neither letters nor digits nor space, on any JVM. */
        private static final int PRIVATE_USE = 0xE000;

        private byte[] array = new byte[0];
        private int offset;
        private int length;

        void set(Text line) {
            array = line.array();
            offset = line.offset();
            length = line.length();
        }

        @Override
        public int length() {
            return length;
        }

        @Override
        public char charAt(int index) {
            byte value = array[offset + index];
            return (char) (value >= 0 ? value : PRIVATE_USE + (value & 0xFF));
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return toString().substring(start, end);
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder(length);
            for (int i = 0; i < length; i++) {
                text.append(charAt(i));
            }
            return text.toString();
        }
    }
}
