package io.posthaste.config;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * How much this process can have in flight: what is not set follows from what an attempt costs, so that nobody needs to
 * guess. An attempt holds a connection, which is a file descriptor, and heap for its buffers and its job.
 *
 * @param config with every number of places filled in
 * @param places attempts in flight
 * @param bound what they are bounded by
 * @param descriptors files and sockets this process may have open
 */
public record Capacity(GatewayConfig config, int places, Bound bound, long descriptors) {
    /**
     * Of heap for an attempt, large bodies aside, which are counted by themselves. With 7,000 in flight 30 KiB of each were
     * live after a collection; the collector needs as much again.
     */
    static final long BYTES_PER_PLACE = 64 * 1024;

    /** For Redis, the API with its 256 connections, jars, logs and event loops. */
    static final long OTHER_DESCRIPTORS = 512;

    /** A connection in use, and one that waits for its host's next request. */
    static final int DESCRIPTORS_PER_PLACE = 2;

    /** Of a lane that has no limit: it counts over all gateways, and leases of gateways that are gone count until they end. */
    static final int LANE_LEAST = 500;

    static final int MOST = 16_384;
    static final int LEAST = 16;

    /** What decides about the number of places. */
    public enum Bound {
        SETTING("send.max-in-flight"),
        HEAP("heap"),
        DESCRIPTORS("file descriptors");

        private final String text;

        Bound(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** Of this process as it was started. */
    public static Capacity of(GatewayConfig config) {
        return of(config, Runtime.getRuntime().maxMemory(), openFiles());
    }

    static Capacity of(GatewayConfig config, long heap, long descriptors) {
        int set = config.send().maxInFlight();
        long byHeap = Math.clamp(heap / BYTES_PER_PLACE, LEAST, MOST);
        long byDescriptors = Math.max(LEAST, (descriptors - OTHER_DESCRIPTORS) / DESCRIPTORS_PER_PLACE);
        long wanted = set == 0 ? byHeap : set;
        int places = (int) Math.min(wanted, byDescriptors);
        Bound bound = places < wanted ? Bound.DESCRIPTORS : set == 0 ? Bound.HEAP : Bound.SETTING;
        return new Capacity(filled(config, places), places, bound, descriptors);
    }

    private static GatewayConfig filled(GatewayConfig config, int places) {
        GatewayConfig.Send send = config.send();
        int half = Math.max(1, places / 2);
        int perHost = Math.min(places, orElse(send.maxInFlightPerHost(), half));
        int connections = Math.min(places, orElse(send.connectionsPerHost(), perHost));
        return config.with(
                config.queue().with(orElse(config.queue().laneMaxInFlight(), Math.max(LANE_LEAST, half))),
                send.with(places, perHost, connections));
    }

    private static int orElse(int set, int derived) {
        return set == 0 ? derived : set;
    }

    private static long openFiles() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount()
                : Long.MAX_VALUE;
    }
}
