package io.posthaste.deliver;

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
    /** In the order in which they came. */
    private final Map<Slots.Permit, Wish> waiting = new LinkedHashMap<>();

    private record Wish(String host, long bytes, Runnable whenFree) {}

    AnswerBytes(long total) {
        this.total = total;
    }

    /** As {@link io.posthaste.send.AnswerRoom#reserve}; the permit has one reservation at most, and gives it back as a whole. */
    synchronized boolean reserve(Slots.Permit permit, String host, long bytes, Runnable whenFree) {
        if (fits(host, bytes)) {
            take(host, bytes);
            return true;
        }
        waiting.put(permit, new Wish(host, bytes, whenFree));
        return false;
    }

    /** @param bytes that the permit got, 0 when it still waits or never asked */
    void release(Slots.Permit permit, String host, long bytes) {
        served(permit, host, bytes).forEach(Runnable::run);
    }

    synchronized long taken() {
        return taken;
    }

    private synchronized List<Runnable> served(Slots.Permit permit, String host, long bytes) {
        waiting.remove(permit);
        if (bytes > 0) {
            taken -= bytes;
            byHost.computeIfPresent(host, (name, held) -> held == bytes ? null : held - bytes);
        }
        List<Runnable> served = new ArrayList<>();
        Iterator<Map.Entry<Slots.Permit, Wish>> next = waiting.entrySet().iterator();
        while (taken < total && next.hasNext()) {
            Map.Entry<Slots.Permit, Wish> first = next.next();
            Wish wish = first.getValue();
            if (fits(wish.host(), wish.bytes())) {
                next.remove();
                take(wish.host(), wish.bytes());
                served.add(wish.whenFree());
            }
        }
        return served;
    }

    /** A host that has none always fits where there is any room: an answer may be as large as all there is. */
    private boolean fits(String host, long bytes) {
        long held = byHost.getOrDefault(host, 0L);
        return taken == 0 || (taken + bytes <= total && (held == 0 || held + bytes <= total / SHARE_OF_A_HOST));
    }

    private void take(String host, long bytes) {
        taken += bytes;
        byHost.merge(host, bytes, Long::sum);
    }
}
