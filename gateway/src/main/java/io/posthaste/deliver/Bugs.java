package io.posthaste.deliver;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;

/**
 * Tells of exceptions that nobody thought of. Each kind comes with its stack trace once; after that with its number
 * alone, at the 2nd, 4th, 8th and so on: what a thousand jobs meet is a dozen lines.
 */
final class Bugs {
    /** Kinds that are told apart; those beyond share one count. */
    private static final int MOST_KINDS = 100;

    private final Logger log;
    private final ConcurrentHashMap<String, AtomicLong> seen = new ConcurrentHashMap<>();

    Bugs(Logger log) {
        this.log = log;
    }

    void tell(String event, Throwable bug) {
        tell(event, bug, "");
    }

    /** @param delivery the id of the delivery that met it, empty if it met none */
    void tell(String event, Throwable bug, String delivery) {
        long times = count(kind(event, bug));
        if (Long.bitCount(times) != 1) {
            return;
        }
        var line = log.atError().addKeyValue("times", times).addKeyValue("bug", bug.toString());
        if (!delivery.isEmpty()) {
            line = line.addKeyValue("delivery", delivery);
        }
        (times == 1 ? line.setCause(bug) : line).log(event);
    }

    private long count(String kind) {
        String counted = seen.size() < MOST_KINDS || seen.containsKey(kind) ? kind : "others";
        return seen.computeIfAbsent(counted, name -> new AtomicLong()).incrementAndGet();
    }

    /** The class and where it was thrown: messages differ from job to job. */
    private static String kind(String event, Throwable bug) {
        StackTraceElement[] trace = bug.getStackTrace();
        return event + " " + bug.getClass().getName() + " " + (trace.length == 0 ? "" : trace[0]);
    }
}
