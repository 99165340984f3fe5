package io.posthaste.liquid.filter;

import io.posthaste.liquid.value.Budget;

/** A text in the making that may not become longer than a value may. */
final class TextBuilder {
    private final StringBuilder text;
    private final Budget budget;

    TextBuilder(Budget budget, int capacity) {
        this.text = new StringBuilder(Math.min(capacity, budget.maxValueBytes()));
        this.budget = budget;
    }

    TextBuilder add(char c) {
        text.append(c);
        return this;
    }

    TextBuilder add(String part) {
        return add(part, 0, part.length());
    }

    TextBuilder add(String part, int start, int end) {
        if (text.length() + end - start > budget.maxValueBytes()) {
            budget.length((long) text.length() + end - start);
        }
        text.append(part, start, end);
        return this;
    }

    String done() {
        return budget.text(text.toString());
    }
}
