package io.posthaste.deliver.limit;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Tokens at hand, each portion good until a time of its own. Belongs to its purse, under the purse's lock. Times are nanoseconds. */
final class TokenPortions {
    private final Deque<Portion> portions = new ArrayDeque<>();

    private record Portion(int tokens, long until) {}

    void add(int tokens, long until) {
        if (tokens > 0) {
            portions.addLast(new Portion(tokens, until));
        }
    }

    /** Takes a token of the oldest portion; false when there is none. */
    boolean takeOne(long now) {
        Portion first = first(now);
        if (first == null) {
            return false;
        }
        portions.removeFirst();
        if (first.tokens() > 1) {
            portions.addFirst(new Portion(first.tokens() - 1, first.until()));
        }
        return true;
    }

    int available(long now) {
        return first(now) == null
                ? 0
                : portions.stream().mapToInt(Portion::tokens).sum();
    }

    private @Nullable Portion first(long now) {
        Portion first = portions.peekFirst();
        while (first != null && now - first.until() >= 0) {
            portions.removeFirst();
            first = portions.peekFirst();
        }
        return first;
    }
}
