package io.posthaste.bench.load;

import io.posthaste.bench.load.process.ProcessUsage;
import io.posthaste.bench.load.process.RedisAddress;
import io.posthaste.bench.load.process.RedisConnection;
import java.io.IOException;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What a Redis has used: from {@code /proc} when it is a child of ours, else from its own {@code INFO}. */
final class RedisMeter {
    private final RedisAddress address;
    private final @Nullable LongSupplier pid;

    /** @param pid of a Redis on this machine, whose reading costs it nothing; null for one that must be asked */
    RedisMeter(RedisAddress address, @Nullable LongSupplier pid) {
        this.address = address;
        this.pid = pid;
    }

    long cpuMicros() {
        if (pid != null) {
            return ProcessUsage.cpuMicros(pid.getAsLong());
        }
        Map<String, String> cpu = info("cpu");
        double seconds = Double.parseDouble(cpu.getOrDefault("used_cpu_user", "0"))
                + Double.parseDouble(cpu.getOrDefault("used_cpu_sys", "0"));
        return (long) (seconds * 1e6);
    }

    long peakBytes() {
        return pid != null
                ? ProcessUsage.peakBytes(pid.getAsLong())
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
