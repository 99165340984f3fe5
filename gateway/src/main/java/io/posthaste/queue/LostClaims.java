package io.posthaste.queue;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.stream.Collectors;

/**
 * Claims of this process whose replies never came. Redis may have served them, even long after, and then holds leases
 * that nobody knows of: it is told their numbers with every claim and gives such leases back. Thread-safe.
 */
final class LostClaims {
    /** For callers that keep no count: nothing is given back for them. */
    static final LostClaims OF_NOBODY = new LostClaims("");

    /** An outage is a handful of claims that were on their way; those that never left are many and harmless. */
    private static final int MOST = 16;

    private final String who;
    private final Deque<Long> lost = new ArrayDeque<>();
    private long last;

    /** @param who names this process among all, for as long as it lives */
    LostClaims(String who) {
        this.who = who;
    }

    String who() {
        return who;
    }

    /** The number of the next claim. */
    synchronized long next() {
        return ++last;
    }

    /** The reply to this one will not be looked at any more. */
    synchronized void lost(long number) {
        lost.addLast(number);
        if (lost.size() > MOST) {
            lost.removeFirst();
        }
    }

    /** As the script takes them. */
    synchronized String numbers() {
        return lost.isEmpty() ? "" : lost.stream().map(String::valueOf).collect(Collectors.joining(",", ",", ","));
    }
}
