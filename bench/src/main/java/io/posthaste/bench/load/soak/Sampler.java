package io.posthaste.bench.load.soak;

import io.posthaste.bench.load.process.GatewayProcess;
import io.posthaste.bench.load.process.ProcessUsage;
import io.posthaste.bench.load.process.RedisAddress;
import io.posthaste.bench.load.process.RedisConnection;
import io.posthaste.bench.load.soak.Trend.Reading;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Reads every measure of a gateway's life, and of Redis. For one thread at a time. */
final class Sampler {
    private final RedisAddress address;
    private final Map<Measure, List<Reading>> redis = new EnumMap<>(Measure.class);
    private final List<Life> lives = new ArrayList<>();
    private final long from = System.nanoTime();

    Sampler(RedisAddress address) {
        this.address = address;
    }

    /** A gateway from its start to its end. */
    record Life(int number, double bornAt, Map<Measure, List<Reading>> readings) {}

    /** From now on it is another gateway. */
    void born() {
        lives.add(new Life(lives.size() + 1, now(), new EnumMap<>(Measure.class)));
    }

    List<Life> lives() {
        return lives;
    }

    Map<Measure, List<Reading>> redis() {
        return redis;
    }

    /** Seconds since the first. */
    double now() {
        return (System.nanoTime() - from) / 1e9;
    }

    /** @param collecting whether also what a full collection leaves in the heap is read */
    void look(GatewayProcess gateway, boolean collecting) throws IOException {
        Map<Measure, List<Reading>> life = lives.getLast().readings();
        long pid = gateway.process().pid();
        note(life, Measure.RESIDENT, (double) ProcessUsage.residentBytes(pid));
        note(life, Measure.FILES, (double) ProcessUsage.openFiles(pid));
        note(life, Measure.THREADS, (double) ProcessUsage.threads(pid));
        note(life, Measure.NON_HEAP, sum(gateway.get("/metrics"), "jvm_memory_used_bytes", "area=\"nonheap\""));
        if (collecting) {
            note(life, Measure.LIVE_HEAP, (double) gateway.liveHeapBytes());
        }
        lookAtRedis();
    }

    private void lookAtRedis() throws IOException {
        try (RedisConnection connection = RedisConnection.open(address)) {
            Map<String, String> file = connection.info("persistence");
            note(redis, Measure.REDIS_MEMORY, number(connection.info("memory"), "used_memory"));
            note(redis, Measure.REDIS_KEYS, (double) connection.number("DBSIZE"));
            note(redis, Measure.FILE, number(file, "aof_current_size"));
            note(redis, Measure.FILE_BASE, number(file, "aof_base_size"));
        }
    }

    private void note(Map<Measure, List<Reading>> book, Measure measure, double value) {
        book.computeIfAbsent(measure, any -> new ArrayList<>()).add(new Reading(now(), value));
    }

    private static double number(Map<String, String> fields, String name) {
        return Double.parseDouble(fields.getOrDefault(name, "0"));
    }

    /** The sum of a metric over those whose labels contain this. */
    static double sum(String metrics, String name, String label) {
        return metrics.lines()
                .filter(line -> line.startsWith(name + "{") && line.contains(label))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
