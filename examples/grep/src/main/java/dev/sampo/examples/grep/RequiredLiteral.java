package dev.sampo.examples.grep;

/**
 * Finds text that every match of a regular expression must hold, so that lines without it need not be matched at all.
 * Careful rather than clever: an expression with alternatives, groups, quotes, flags or intervals has none.
 */
final class RequiredLiteral {
    private static final String GIVES_UP = "|(){}";
    private static final String QUANTIFIERS = "?*+";

    private final String expression;
    private final StringBuilder run = new StringBuilder();
    private String longest = "";

    private RequiredLiteral(String expression) {
        this.expression = expression;
    }

    /** Returns the longest text found in {@code expression}, all of it ASCII, or an empty string. */
    static String of(String expression) {
        return new RequiredLiteral(expression).find();
    }

    private String find() {
        int i = 0;
        while (i < expression.length()) {
            char c = expression.charAt(i);
            if (GIVES_UP.indexOf(c) >= 0 || c >= 0x80) {
                return "";
            } else if (c == '[') {
                i = endOfClass(i);
                if (i < 0) {
                    return "";
                }
                endRun();
            } else if (c == '\\') {
                if (i + 1 == expression.length()) {
                    return "";
                }
                char escaped = expression.charAt(i + 1);
                if (isAsciiLetterOrDigit(escaped)) {
                    // these stand for one character or none; what takes an argument, or quotes, is left alone
                    if ("dDsSwWbB".indexOf(escaped) < 0) {
                        return "";
                    }
                    endRun();
                } else if (escaped >= 0x80) {
                    return "";
                } else {
                    run.append(escaped);
                }
                i += 2;
            } else if (c == '.' || c == '^' || c == '$') {
                endRun();
                i++;
            } else if (QUANTIFIERS.indexOf(c) >= 0) {
                // what stands before may be missing, or repeated: either way the run ends at it
                if (c != '+' && run.length() > 0) {
                    run.setLength(run.length() - 1);
                }
                endRun();
                i++;
            } else {
                run.append(c);
                i++;
            }
        }
        endRun();
        return longest;
    }

    private void endRun() {
        if (run.length() > longest.length()) {
            longest = run.toString();
        }
        run.setLength(0);
    }

    /** Returns where a class without classes or quotes in it ends, or -1. */
    private int endOfClass(int start) {
        int i = start + 1;
        if (i < expression.length() && expression.charAt(i) == '^') {
            i++;
        }
        if (i < expression.length() && expression.charAt(i) == ']') {
            return -1;
        }
        while (i < expression.length()) {
            char c = expression.charAt(i);
            if (c == ']') {
                return i + 1;
            }
            if (c == '[' || c == '\\' || c == '&') {
                return -1;
            }
            i++;
        }
        return -1;
    }

    private static boolean isAsciiLetterOrDigit(char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
}
