package io.posthaste.liquid.value;

/** Walks over JSON bytes once, from left to right, and checks all it passes: grammar (RFC 8259), UTF-8, nesting. */
public class JsonCursor {
    /** Bytes that go by in a string without a second look. */
    private static final boolean[] PLAIN = new boolean[256];

    static {
        for (int b = 0x20; b < 0x80; b++) {
            PLAIN[b] = b != '"' && b != '\\';
        }
    }

    final byte[] bytes;
    final int end;
    final int maxDepth;
    int at;

    JsonCursor(byte[] bytes, int length, int maxDepth) {
        this.bytes = bytes;
        this.end = length;
        this.maxDepth = maxDepth;
    }

    /** Throws unless the bytes are exactly one JSON value, at most 512 levels deep. */
    public static void check(byte[] bytes, int length) {
        check(bytes, length, 512);
    }

    /** The same, at most so many levels deep. */
    public static void check(byte[] bytes, int length, int maxDepth) {
        JsonCursor cursor = new JsonCursor(bytes, length, maxDepth);
        cursor.skip(cursor.token(), 0);
        cursor.finish();
    }

    /** Nothing but white space may follow. */
    final void finish() {
        if (token() >= 0) {
            throw fail("more text after the value");
        }
    }

    /** The first byte of the next token, passed over; -1 at the end. */
    final int token() {
        byte[] b = bytes;
        for (int i = at; i < end; i++) {
            byte c = b[i];
            if (c > ' ' || (c != ' ' && c != '\n' && c != '\r' && c != '\t')) {
                at = i + 1;
                return c & 0xFF;
            }
        }
        at = end + 1;
        return -1;
    }

    /** Passes over the value that starts with that token. */
    final void skip(int token, int depth) {
        switch (token) {
            case '"' -> string();
            case '{' -> skipObject(depth + 1);
            case '[' -> skipArray(depth + 1);
            case 't' -> word("true");
            case 'f' -> word("false");
            case 'n' -> word("null");
            default -> number(token);
        }
    }

    private void skipArray(int depth) {
        checkDepth(depth);
        int token = token();
        if (token == ']') {
            return;
        }
        do {
            skip(token, depth);
        } while ((token = next(']')) != ']');
    }

    private void skipObject(int depth) {
        checkDepth(depth);
        int mark = openKeys();
        for (int token = token(); token != '}'; token = next('}')) {
            name(token);
            skip(token(), depth);
        }
        closeKeys(mark);
    }

    /** Called before the first name of an object that is passed over. */
    int openKeys() {
        return 0;
    }

    void closeKeys(int mark) {}

    /** Passes over a name and its colon, of which the opening quote was the token. */
    void name(int token) {
        if (token != '"') {
            throw fail("a name in quotes is needed");
        }
        string();
        colon();
    }

    final void colon() {
        if (token() != ':') {
            throw fail("':' is needed");
        }
    }

    /** After an item: the closing bracket, or the first token of the next item. */
    final int next(char closing) {
        int token = token();
        if (token == closing) {
            return token;
        }
        if (token != ',') {
            throw fail("',' or '" + closing + "' is needed");
        }
        token = token();
        if (token == closing) {
            throw fail("a value is needed after ','");
        }
        return token;
    }

    final void checkDepth(int depth) {
        if (depth > maxDepth) {
            throw fail("nested more than " + maxDepth + " levels deep");
        }
    }

    /** From behind the opening quote to behind the closing one. True if there were escapes. */
    final boolean string() {
        byte[] b = bytes;
        boolean[] plain = PLAIN;
        boolean escaped = false;
        int i = at;
        while (i < end) {
            int c = b[i] & 0xFF;
            if (plain[c]) {
                i++;
            } else if (c == '"') {
                at = i + 1;
                return escaped;
            } else if (c == '\\') {
                i = escape(i + 1);
                escaped = true;
            } else {
                i = wide(c, i);
            }
        }
        at = end + 1;
        throw fail("a string is not closed");
    }

    private int escape(int i) {
        int c = i < end ? bytes[i] : -1;
        if (c == 'u') {
            for (int digit = i + 1; digit <= i + 4; digit++) {
                if (digit >= end || Character.digit(bytes[digit], 16) < 0) {
                    throw failAt("an escape needs four hexadecimal digits", digit);
                }
            }
            return i + 5;
        }
        if (c < 0 || "\"\\/bfnrt".indexOf(c) < 0) {
            throw failAt("unknown escape", i);
        }
        return i + 1;
    }

    /** Behind the UTF-8 sequence that starts at i. */
    private int wide(int c, int i) {
        if (c < 0x20) {
            throw failAt("a control character must be escaped", i);
        }
        int length = c >= 0xC2 && c < 0xE0 ? 2 : c >= 0xE0 && c < 0xF0 ? 3 : c >= 0xF0 && c < 0xF5 ? 4 : 0;
        if (length == 0 || i + length > end) {
            throw failAt("not UTF-8", i);
        }
        int second = bytes[i + 1] & 0xFF;
        boolean wrong = (c == 0xE0 && second < 0xA0)
                || (c == 0xED && second > 0x9F)
                || (c == 0xF0 && second < 0x90)
                || (c == 0xF4 && second > 0x8F);
        for (int k = i + 1; k < i + length; k++) {
            wrong |= (bytes[k] & 0xC0) != 0x80;
        }
        if (wrong) {
            throw failAt("not UTF-8", i);
        }
        return i + length;
    }

    final void word(String word) {
        int start = at - 1;
        for (int i = 0; i < word.length(); i++) {
            if (start + i >= end || bytes[start + i] != word.charAt(i)) {
                throw failAt("not a JSON value", start);
            }
        }
        at = start + word.length();
    }

    /** Passes over the number whose first byte was the token. True if it is a whole number without exponent. */
    final boolean number(int token) {
        int i = at - 1;
        if (token == '-') {
            i++;
        }
        int first = i < end && i >= 0 ? bytes[i] : -1;
        if (first < '0' || first > '9') {
            throw failAt(token < 0 ? "the text ends here" : "not a JSON value", Math.min(at - 1, end));
        }
        i = first == '0' ? i + 1 : digits(i);
        boolean whole = true;
        if (i < end && bytes[i] == '.') {
            i = digits(i + 1);
            whole = false;
        }
        if (i < end && (bytes[i] == 'e' || bytes[i] == 'E')) {
            boolean signed = i + 1 < end && (bytes[i + 1] == '+' || bytes[i + 1] == '-');
            i = digits(signed ? i + 2 : i + 1);
            whole = false;
        }
        at = i;
        return whole;
    }

    private int digits(int from) {
        int i = from;
        while (i < end && bytes[i] >= '0' && bytes[i] <= '9') {
            i++;
        }
        if (i == from) {
            throw failAt("a digit is needed", i);
        }
        return i;
    }

    /** At the token that was passed last. */
    final JsonException fail(String reason) {
        return failAt(at > end ? "the text ends here" : reason, at - 1);
    }

    final JsonException failAt(String reason, int offset) {
        return new JsonException(reason, offset);
    }
}
