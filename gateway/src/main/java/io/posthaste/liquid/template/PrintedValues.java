package io.posthaste.liquid.template;

import java.util.ArrayList;
import java.util.List;

/** Where values stand in what a render printed, for those who must tell them from the template's own text. */
public final class PrintedValues {
    private final List<Value> values = new ArrayList<>(4);

    /**
     * What one output printed.
     *
     * @param start where it begins in the buffer, in bytes
     * @param end behind its last byte
     * @param at where the output stands in the source
     */
    public record Value(int start, int end, int at) {}

    /** In the order in which they were printed. */
    public List<Value> values() {
        return values;
    }

    void add(int start, int end, int at) {
        if (end > start) {
            values.add(new Value(start, end, at));
        }
    }

    /** What was printed from there on was taken back from the output. */
    void forgetFrom(int start) {
        while (!values.isEmpty() && values.getLast().start() >= start) {
            values.removeLast();
        }
    }
}
