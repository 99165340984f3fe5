package io.posthaste.bench.load;

import io.posthaste.bench.load.drive.Latency;
import io.posthaste.bench.load.drive.Reconciliation;
import io.posthaste.bench.load.drive.Usage;
import io.posthaste.bench.load.receiver.Receiver;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one run measured.
 *
 * @param seconds length of the measured window
 * @param perSecond deliveries per second in the window
 * @param latency of deliveries in the window; null when jobs were enqueued before work began
 * @param cpu microseconds of CPU per delivery in the window
 * @param peaks most memory resident, in bytes, by process
 */
public record Figures(
        String contender,
        Reconciliation jobs,
        double seconds,
        double perSecond,
        @Nullable Latency latency,
        CpuPerDelivery cpu,
        Map<String, Long> peaks,
        Map<String, Long> receiver) {

    /** Microseconds of CPU time for each delivery. */
    public record CpuPerDelivery(double worker, double redis, double receiver, double feed) {
        static CpuPerDelivery of(Usage usage, long deliveries) {
            double count = Math.max(1, deliveries);
            return new CpuPerDelivery(
                    usage.worker() / count, usage.redis() / count, usage.receiver() / count, usage.feed() / count);
        }
    }

    boolean isGood() {
        return jobs.isGood() && receiver("signatures_bad") == 0;
    }

    /** One of the receiver's figures. */
    long receiver(String name) {
        return receiver.getOrDefault(name, 0L);
    }

    void print() {
        System.out.printf("%n%s: %,.0f deliveries/s over %.1f s%n", contender, perSecond, seconds);
        if (latency != null) {
            System.out.printf(
                    "  enqueue to arrival    p50 %.2f ms, p90 %.2f ms, p99 %.2f ms, p99.9 %.2f ms, max %.2f ms%n",
                    latency.percentile(50),
                    latency.percentile(90),
                    latency.percentile(99),
                    latency.percentile(99.9),
                    latency.max());
        }
        System.out.printf(
                "  CPU per delivery      worker %.1f us, Redis %.1f us, receiver %.1f us, producer %.1f us%n",
                cpu.worker(), cpu.redis(), cpu.receiver(), cpu.feed());
        System.out.print("  peak memory          ");
        peaks.forEach((name, bytes) -> System.out.printf(" %s %,d MiB", name, bytes >> 20));
        System.out.printf(
                "%n  jobs                  accepted %,d: once %,d, twice %,d, lost %,d; late %,d, early %,d%n",
                jobs.accepted(), jobs.once(), jobs.twice(), jobs.lost(), jobs.late(), jobs.early());
        System.out.printf(
                "  connections           %,d made, %,d at a time%n",
                receiver("connects"), receiver(Receiver.MOST_CONNECTIONS));
        System.out.printf(
                "  signatures            %,d checked, %,d bad%n",
                receiver("signatures_checked"), receiver("signatures_bad"));
    }

    /** The same, for a machine to read. */
    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("contender", contender);
        json.put("deliveries_per_second", perSecond);
        json.put("window_seconds", seconds);
        if (latency != null) {
            Map<String, Double> millis = new LinkedHashMap<>();
            millis.put("p50", latency.percentile(50));
            millis.put("p90", latency.percentile(90));
            millis.put("p99", latency.percentile(99));
            millis.put("p99.9", latency.percentile(99.9));
            millis.put("max", latency.max());
            json.put("latency_ms", millis);
        }
        json.put("cpu_us_per_delivery", cpu);
        json.put("peak_bytes", peaks);
        json.put("jobs", jobs);
        json.put("receiver", receiver);
        return json;
    }
}
