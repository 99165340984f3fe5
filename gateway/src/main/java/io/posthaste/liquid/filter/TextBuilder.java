package io.posthaste.liquid.filter;

import io.posthaste.liquid.value.Budget;

/** A text in the making that may not become longer than a value may. */
final class TextBuilder {
    private static final int PIECES_OF_A_STEP = 4;

    private final StringBuilder text;
    private final Budget budget;
    private int pieces;

    TextBuilder(Budget budget, int capacity) {
        this.text = new StringBuilder(Math.min(capacity, budget.maxValueBytes()));
        this.budget = budget;
    }

    TextBuilder add(char c) {
        text.append(c);
        return this;
    }

    /** One character of Unicode. */
    TextBuilder addPoint(int point) {
        if (text.length() + 2 > budget.maxValueBytes()) {
            budget.length(text.length() + 2L);
        }
        text.appendCodePoint(point);
        return this;
    }

    TextBuilder add(String part) {
        return add(part, 0, part.length());
    }

    TextBuilder add(String part, int start, int end) {
        if (text.length() + end - start > budget.maxValueBytes()) {
            budget.length((long) text.length() + end - start);
        }
        // Many short pieces cost more than the length they come to.
        if (++pieces % PIECES_OF_A_STEP == 0) {
            budget.step();
        }
        text.append(part, start, end);
        return this;
    }

    String done() {
        return budget.text(text.toString());
    }
}
