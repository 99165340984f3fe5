package io.posthaste.bench.load;

import io.posthaste.bench.load.drive.Arrivals;
import io.posthaste.bench.load.drive.Drive;
import io.posthaste.bench.load.drive.Feed;
import io.posthaste.bench.load.drive.Latency;
import io.posthaste.bench.load.drive.Ledger;
import io.posthaste.bench.load.drive.Progress;
import io.posthaste.bench.load.drive.Reconciliation;
import io.posthaste.bench.load.drive.Timeline;
import io.posthaste.bench.load.drive.Usage;
import io.posthaste.bench.load.process.ProcessUsage;
import io.posthaste.bench.load.process.ReceiverProcess;
import io.posthaste.bench.load.receiver.Receiver;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One measured run of one contender against one receiver. */
final class Round {
    private static final Duration FEED_LIMIT = Duration.ofHours(24);

    private final Contender contender;
    private final @Nullable ReceiverProcess receiver;
    private final Plan plan;

    /** @param receiver null when the workload goes to a receiver that is not ours */
    Round(Contender contender, @Nullable ReceiverProcess receiver, Plan plan) {
        this.contender = contender;
        this.receiver = receiver;
        this.plan = plan;
    }

    Figures run(String run) {
        Ledger ledger = new Ledger(run, plan.deliveries());
        Map<String, Long> before = receiverStats();
        Feed feed = contender.feed(run, ledger, plan);
        try (Drive drive = new Drive(feed, ledger, arrivals(), () -> usage(feed), new Progress(true))) {
            drive.start();
            if (plan.duration() != null) {
                LockSupport.parkNanos(plan.duration().toNanos());
                drive.stopFeeding();
            }
            drive.awaitFed(FEED_LIMIT);
            contender.fed();
            drive.drain(plan.patience(), contender::isSettled);
            drive.finish();
            return figures(drive, before);
        }
    }

    private Arrivals arrivals() {
        if (receiver == null) {
            return new Arrivals.OnResults(contender.redisAddress());
        }
        Arrivals.AtReceiver atReceiver = new Arrivals.AtReceiver(receiver);
        atReceiver.skip();
        return atReceiver;
    }

    private Usage usage(Feed feed) {
        return new Usage(
                contender.cpuMicros(),
                contender.redis().cpuMicros(),
                receiver == null ? 0 : ProcessUsage.cpuMicros(receiver.pid()),
                ProcessUsage.cpuMicros(ProcessHandle.current().pid()) + feed.cpuMicros());
    }

    private Figures figures(Drive drive, Map<String, Long> before) {
        Ledger ledger = drive.ledger();
        Timeline timeline = drive.timeline();
        // What was enqueued beforehand has no end of feeding; its tail is the last fiftieth.
        long end = contender.isPreloaded() ? timeline.reached((int) (ledger.deliveries() * 0.98)) : drive.fedAt();
        Timeline.Window window = timeline.window(plan.warmUp().toNanos() / 1000, end);
        long from = window.first().micros();
        long to = window.last().micros();
        Latency latency = Latency.of(ledger, drive.offered(), from, to, number -> true);
        return new Figures(
                contender.name(),
                Reconciliation.of(ledger, drive.offered(), plan.lateAfter().toNanos() / 1000),
                window.seconds(),
                latency.count() / window.seconds(),
                contender.isPreloaded() ? null : latency,
                Figures.CpuPerDelivery.of(window.usage(), latency.count()),
                peaks(),
                since(before));
    }

    private Map<String, Long> peaks() {
        Map<String, Long> peaks = new LinkedHashMap<>();
        peaks.put("worker", contender.peakBytes());
        peaks.put("redis", contender.redis().peakBytes());
        peaks.put("receiver", receiver == null ? 0 : ProcessUsage.peakBytes(receiver.pid()));
        return peaks;
    }

    private Map<String, Long> receiverStats() {
        return receiver == null ? Map.of() : receiver.stats();
    }

    private Map<String, Long> since(Map<String, Long> before) {
        Map<String, Long> now = new LinkedHashMap<>(receiverStats());
        before.forEach((name, count) -> {
            if (!name.equals(Receiver.MOST_CONNECTIONS)) {
                now.merge(name, -count, Long::sum);
            }
        });
        return now;
    }
}
