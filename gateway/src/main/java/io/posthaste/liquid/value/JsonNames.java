package io.posthaste.liquid.value;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/** The names seen in the objects that are open, to refuse a second one of the same spelling. */
final class JsonNames {
    /** Up to here, comparing with all names of the object is cheaper than a set. */
    private static final int LINEAR = 64;

    private final byte[] bytes;
    private int[] spans = new int[3 * 64];
    private int top;
    /** Sets of the open objects that have more names than that, innermost first, each with its mark. */
    private final Deque<Crowd> crowds = new ArrayDeque<>(0);

    private record Crowd(int mark, Set<String> names) {}

    JsonNames(byte[] bytes) {
        this.bytes = bytes;
    }

    int open() {
        return top;
    }

    void close(int mark) {
        top = mark;
        if (isCrowded(mark)) {
            crowds.pop();
        }
    }

    /** False if the object that was opened at the mark has the name already. */
    boolean add(int mark, int start, int length, int hash) {
        if (top - mark >= 3 * LINEAR || isCrowded(mark)) {
            return add(mark, new String(bytes, start, length, UTF_8));
        }
        int[] seen = spans;
        for (int i = mark; i < top; i += 3) {
            if (seen[i] == hash && seen[i + 2] == length && same(seen[i + 1], start, length)) {
                return false;
            }
        }
        push(hash, start, length);
        return true;
    }

    /** The same for a name that was written with escapes. */
    boolean add(int mark, String name) {
        return crowd(mark).add(name);
    }

    private void push(int hash, int start, int length) {
        if (top + 3 > spans.length) {
            spans = Arrays.copyOf(spans, spans.length * 2);
        }
        spans[top] = hash;
        spans[top + 1] = start;
        spans[top + 2] = length;
        top += 3;
    }

    private boolean isCrowded(int mark) {
        Crowd innermost = crowds.peek();
        return innermost != null && innermost.mark() == mark;
    }

    private boolean same(int a, int b, int length) {
        return Arrays.equals(bytes, a, a + length, bytes, b, b + length);
    }

    private Set<String> crowd(int mark) {
        Crowd innermost = crowds.peek();
        if (innermost != null && innermost.mark() == mark) {
            return innermost.names();
        }
        Set<String> names = new HashSet<>();
        for (int i = mark; i < top; i += 3) {
            names.add(new String(bytes, spans[i + 1], spans[i + 2], UTF_8));
        }
        crowds.push(new Crowd(mark, names));
        // An object inside this one must not open at the same mark.
        push(0, 0, -1);
        return names;
    }
}
