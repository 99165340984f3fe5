package io.posthaste.bench.load;

import io.posthaste.bench.load.process.ProcessUsage;
import io.posthaste.bench.load.process.RedisAddress;
import io.posthaste.bench.load.process.RedisConnection;
import java.io.IOException;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** What a Redis, or all of a cluster, has used: from {@code /proc} for children of ours, else from its own {@code INFO}. */
final class RedisMeter {
    private final RedisAddress address;
    private final @Nullable Supplier<LongStream> pids;

    /** @param pids of servers on this machine, whose reading costs them nothing; null for one that must be asked */
    private RedisMeter(@Nullable Supplier<LongStream> pids, RedisAddress address) {
        this.address = address;
        this.pids = pids;
    }

    RedisMeter(RedisAddress address, Supplier<LongStream> pids) {
        this(pids, address);
    }

    static RedisMeter asking(RedisAddress address) {
        return new RedisMeter(null, address);
    }

    long cpuMicros() {
        if (pids != null) {
            return pids.get().map(ProcessUsage::cpuMicros).sum();
        }
        Map<String, String> cpu = info("cpu");
        double seconds = Double.parseDouble(cpu.getOrDefault("used_cpu_user", "0"))
                + Double.parseDouble(cpu.getOrDefault("used_cpu_sys", "0"));
        return (long) (seconds * 1e6);
    }

    long peakBytes() {
        return pids != null
                ? pids.get().map(ProcessUsage::peakBytes).sum()
                : Long.parseLong(info("memory").getOrDefault("used_memory_peak", "0"));
    }

    String version() {
        return info("server").getOrDefault("redis_version", "unknown");
    }

    private Map<String, String> info(String section) {
        try (RedisConnection redis = RedisConnection.open(address)) {
            return redis.info(section);
        } catch (IOException e) {
            return Map.of();
        }
    }
}
