package io.posthaste.liquid.value;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads JSON that came from outside: one value, nothing after it, valid UTF-8, at most 64 levels, no name twice in an
 * object, numbers of at most 100 characters. Numbers keep their text, objects their order.
 */
public final class JsonReader extends JsonCursor {
    private static final int MAX_DEPTH = 64;
    private static final int MAX_NUMBER = 100;
    private static final int MAX_NAME = 256;

    private final JsonNames names;
    private byte[] nameBytes;
    private int nameStart;
    private int nameLength;
    private int nameHash;
    private int mark;

    private JsonReader(byte[] bytes) {
        super(bytes, bytes.length, MAX_DEPTH);
        this.names = new JsonNames(bytes);
        this.nameBytes = bytes;
    }

    /** The value that the bytes are. */
    public static Object read(byte[] json) {
        JsonReader reader = new JsonReader(json);
        Object value = reader.value(reader.token(), 0);
        reader.finish();
        return value;
    }

    public static Object read(String json) {
        return read(json.getBytes(UTF_8));
    }

    /** The parts of an object that a projection names, in its slots. The bytes must not be modified afterwards. */
    public static Object[] read(byte[] json, Projection projection) {
        JsonReader reader = new JsonReader(json);
        Object[] slots = projection.slots();
        int token = reader.token();
        if (token != '{') {
            throw reader.fail("an object is needed");
        }
        reader.project(token, projection.root, slots, 0);
        reader.finish();
        return slots;
    }

    @Override
    int openKeys() {
        int outer = mark;
        mark = names.open();
        return outer;
    }

    @Override
    void closeKeys(int outer) {
        names.close(mark);
        mark = outer;
    }

    @Override
    void name(int token) {
        int start = at;
        if (token != '"') {
            throw fail("a name in quotes is needed");
        }
        boolean escaped = string();
        nameStart = start;
        nameLength = at - 1 - start;
        if (nameLength > MAX_NAME) {
            throw failAt("a name is longer than " + MAX_NAME + " bytes", start);
        }
        boolean fresh;
        if (escaped) {
            respell();
            fresh = names.add(mark, new String(nameBytes, UTF_8));
        } else {
            nameBytes = bytes;
            nameHash = Projection.hash(bytes, nameStart, nameLength);
            fresh = names.add(mark, nameStart, nameLength, nameHash);
        }
        if (!fresh) {
            throw failAt("a name appears twice in one object", start);
        }
        colon();
    }

    /** A name with escapes stands for other bytes than its own. */
    private void respell() {
        String spelled = text(nameStart, nameStart + nameLength, true);
        nameBytes = spelled.getBytes(UTF_8);
        nameStart = 0;
        nameLength = nameBytes.length;
        nameHash = Projection.hash(nameBytes, 0, nameLength);
    }

    private void project(int token, Projection.Node node, Object[] slots, int depth) {
        if (node.slot >= 0) {
            Object value = node.children.isEmpty() && token == '"' ? slice() : value(token, depth);
            slots[node.slot] = value;
            spread(value, node, slots);
        } else if (token == '{') {
            projectObject(node, slots, depth + 1);
        } else {
            skip(token, depth);
        }
    }

    private void projectObject(Projection.Node node, Object[] slots, int depth) {
        checkDepth(depth);
        int outer = openKeys();
        for (int token = token(); token != '}'; token = next('}')) {
            name(token);
            Projection.Node child = node.child(nameBytes, nameStart, nameLength, nameHash);
            if (child == null) {
                skip(token(), depth);
                continue;
            }
            if (child.refused && depth == 1) {
                throw failAt("the name '" + child.name + "' is reserved", at - 1);
            }
            present(child, slots);
            project(token(), child, slots, depth);
        }
        closeKeys(outer);
    }

    /** What is below a name that is there can only be missing, not absent. */
    private static void present(Projection.Node node, Object[] slots) {
        for (int slot : node.below) {
            slots[slot] = Nil.MISSING;
        }
    }

    /** Fills the slots below a value that is wanted as a whole. */
    private static void spread(Object value, Projection.Node node, Object[] slots) {
        for (Projection.Node child : node.children) {
            Object part = value instanceof Map<?, ?> map ? map.get(child.name) : null;
            if (part == null) {
                continue;
            }
            present(child, slots);
            if (child.slot >= 0) {
                slots[child.slot] = part;
            }
            spread(part, child, slots);
        }
    }

    private Object slice() {
        int start = at;
        return string() ? text(start, at - 1, true) : new Utf8(bytes, start, at - 1 - start);
    }

    private Object value(int token, int depth) {
        return switch (token) {
            case '"' -> {
                int start = at;
                boolean escaped = string();
                yield text(start, at - 1, escaped);
            }
            case '{' -> object(depth + 1);
            case '[' -> array(depth + 1);
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", Nil.NULL);
            default -> numberValue(token);
        };
    }

    private Object word(String word, Object value) {
        word(word);
        return value;
    }

    private List<Object> array(int depth) {
        checkDepth(depth);
        List<Object> items = new ArrayList<>();
        int token = token();
        if (token == ']') {
            return items;
        }
        do {
            items.add(value(token, depth));
        } while ((token = next(']')) != ']');
        return items;
    }

    private Map<String, Object> object(int depth) {
        checkDepth(depth);
        Map<String, Object> members = new LinkedHashMap<>();
        int outer = openKeys();
        for (int token = token(); token != '}'; token = next('}')) {
            name(token);
            String name = new String(nameBytes, nameStart, nameLength, UTF_8);
            members.put(name, value(token(), depth));
        }
        closeKeys(outer);
        return members;
    }

    private Object numberValue(int token) {
        int start = at - 1;
        boolean whole = number(token);
        int length = at - start;
        if (length > MAX_NUMBER) {
            throw failAt("a number has more than " + MAX_NUMBER + " characters", start);
        }
        boolean negativeZero = length == 2 && token == '-' && bytes[start + 1] == '0';
        return whole && length <= 18 && !negativeZero ? (Object) whole(start) : Decimal.written(text(start, at, false));
    }

    private long whole(int start) {
        boolean negative = bytes[start] == '-';
        long value = 0;
        for (int i = negative ? start + 1 : start; i < at; i++) {
            value = value * 10 + (bytes[i] - '0');
        }
        return negative ? -value : value;
    }

    private String text(int from, int to, boolean escaped) {
        return escaped ? unescaped(from, to) : new String(bytes, from, to - from, UTF_8);
    }

    private String unescaped(int from, int to) {
        StringBuilder text = new StringBuilder(to - from);
        int plainFrom = from;
        int i = from;
        while (i < to) {
            if (bytes[i] != '\\') {
                i++;
                continue;
            }
            text.append(new String(bytes, plainFrom, i - plainFrom, UTF_8));
            if (bytes[i + 1] == 'u') {
                text.append((char) Integer.parseInt(new String(bytes, i + 2, 4, UTF_8), 16));
                i += 6;
            } else {
                text.append(plain((char) bytes[i + 1]));
                i += 2;
            }
            plainFrom = i;
        }
        return text.append(new String(bytes, plainFrom, to - plainFrom, UTF_8)).toString();
    }

    private static char plain(char escape) {
        return switch (escape) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'b' -> '\b';
            case 'f' -> '\f';
            default -> escape;
        };
    }

    /** The line and column, from 1, of a place in a text: {@code line 2 column 7}. */
    public static String place(byte[] bytes, int offset) {
        int line = 1;
        int lineStart = 0;
        int stop = Math.min(Math.max(offset, 0), bytes.length);
        for (int i = 0; i < stop; i++) {
            if (bytes[i] == '\n') {
                line++;
                lineStart = i + 1;
            }
        }
        String before = new String(bytes, lineStart, stop - lineStart, UTF_8);
        return "line " + line + " column " + (before.codePointCount(0, before.length()) + 1);
    }
}
