package io.posthaste.boot;

import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was started and must be stopped, the last started first. Parts may be added from any thread. */
final class Lifecycle {
    private static final Logger log = LoggerFactory.getLogger(Gateway.class);

    private final Deque<Stop> stops = new ConcurrentLinkedDeque<>();

    private record Stop(String part, AutoCloseable action) {}

    /** Closes the part in its turn. */
    <T extends AutoCloseable> T closing(String part, T value) {
        onStop(part, value);
        return value;
    }

    void onStop(String part, AutoCloseable action) {
        stops.push(new Stop(part, action));
    }

    /** Stops every part; one that fails does not keep the others from stopping. */
    void close() {
        for (Stop stop = stops.poll(); stop != null; stop = stops.poll()) {
            try {
                stop.action().close();
            } catch (Exception e) {
                log.atError().addKeyValue("part", stop.part()).setCause(e).log("gateway.stop_failed");
            }
        }
    }
}
