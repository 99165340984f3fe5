package io.posthaste.liquid.value;

import java.util.AbstractList;
import java.util.Objects;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/** {@code (from..to)}: a list that is never materialised. */
public final class Range extends AbstractList<Object> implements RandomAccess {
    private final long from;
    private final long to;

    public Range(long from, long to) {
        this.from = from;
        this.to = to;
    }

    @Override
    public Object get(int index) {
        Objects.checkIndex(index, size());
        return from + index;
    }

    @Override
    public boolean contains(@Nullable Object item) {
        return item instanceof Long number && from <= number && number <= to;
    }

    /** Longer ranges than an int can count are cut: the budget ends a loop over them long before. */
    @Override
    public int size() {
        if (to < from) {
            return 0;
        }
        long size = to - from + 1;
        return size < 0 || size > Integer.MAX_VALUE ? Integer.MAX_VALUE : (int) size;
    }

    @Override
    public String toString() {
        return from + ".." + to;
    }
}
