package io.posthaste.deliver.limit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Heap for large answers: thousands that come at once are read one part after the other. It is not that of the jobs'
 * bodies: those could fill it, and then no delivery could end. One host has half of it at most. Thread-safe.
 */
final class AnswerBytes {
    private static final int SHARE_OF_A_HOST = 2;

    private final long total;
    private long taken;
    private final Map<String, Long> byHost = new HashMap<>();
    private final Map<Slots.Permit, Part> held = new HashMap<>();
    /** In the order in which they came. */
    private final Map<Slots.Permit, Waiting> waiting = new LinkedHashMap<>();

    private record Part(String host, long bytes) {}

    private record Waiting(Part part, Runnable whenFree) {}

    AnswerBytes(long total) {
        this.total = total;
    }

    /** As {@link io.posthaste.send.AnswerRoom#reserve}; a permit has one part at most. */
    synchronized boolean reserve(Slots.Permit permit, String host, long bytes, Runnable whenFree) {
        Part part = new Part(host, bytes);
        if (fits(part)) {
            take(permit, part);
            return true;
        }
        waiting.put(permit, new Waiting(part, whenFree));
        return false;
    }

    /** Takes back what the permit has, or its one for it. */
    void release(Slots.Permit permit) {
        servedWithout(permit).forEach(Runnable::run);
    }

    private synchronized List<Runnable> servedWithout(Slots.Permit permit) {
        waiting.remove(permit);
        Part part = held.remove(permit);
        if (part != null) {
            taken -= part.bytes();
            byHost.computeIfPresent(part.host(), (host, all) -> all == part.bytes() ? null : all - part.bytes());
        }
        List<Runnable> served = new ArrayList<>();
        Iterator<Map.Entry<Slots.Permit, Waiting>> next = waiting.entrySet().iterator();
        while (taken < total && next.hasNext()) {
            Map.Entry<Slots.Permit, Waiting> first = next.next();
            Waiting one = first.getValue();
            if (fits(one.part())) {
                next.remove();
                take(first.getKey(), one.part());
                served.add(one.whenFree());
            }
        }
        return served;
    }

    /** A host that has none always fits where there is any room: an answer may be as large as all there is. */
    private boolean fits(Part part) {
        long ofHost = byHost.getOrDefault(part.host(), 0L);
        return taken == 0
                || (taken + part.bytes() <= total && (ofHost == 0 || ofHost + part.bytes() <= total / SHARE_OF_A_HOST));
    }

    private void take(Slots.Permit permit, Part part) {
        held.put(permit, part);
        taken += part.bytes();
        byHost.merge(part.host(), part.bytes(), Long::sum);
    }
}
