package io.posthaste.report;

import io.posthaste.metrics.Repeating;
import io.posthaste.send.RequestSender;
import io.posthaste.sign.RequestSigner;
import io.posthaste.store.reporting.ReportFeed;
import io.posthaste.store.reporting.ReportingWebhook;
import io.posthaste.store.reporting.ReportingWebhooks;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** A loop for each enabled reporting webhook; none knows of the others, so a slow receiver holds up only itself. */
public final class Reporting {
    /** How long a webhook belongs to the gateway that sends for it, without a sign of life. */
    public static final Duration LEASE = Duration.ofSeconds(15);

    private static final Logger log = LoggerFactory.getLogger(Reporting.class);
    private static final Duration TRIM_PERIOD = Duration.ofMinutes(1);
    /** An attempt, and recording it. */
    private static final Duration STOPPING = ReportPolicy.TIMEOUT.plusSeconds(2);

    private final ReportingWebhooks webhooks;
    private final Stages stages;
    private final Settings settings;
    private final Disposable.Swap trimming = Disposables.swap();
    private final Map<String, ReportLoop> loops = new HashMap<>();
    private boolean stopped;
    private long started;

    /**
     * @param instance names this process among all
     * @param here whether this process is one of those that send for this shard now
     * @param gateways how many live
     * @param shard tag of the shard that is read
     * @param entriesKept on the stream
     * @param retention events older than this are given up
     * @param timeScale every delay is divided by it; 1 outside of tests
     */
    public record Settings(
            String instance,
            BooleanSupplier here,
            IntSupplier gateways,
            String shard,
            int entriesKept,
            Duration retention,
            double timeScale) {}

    /** @param thread builds and signs events, and is what the loops wait on */
    public record Surroundings(InstantSource clock, LongSupplier nanoTime, RandomGenerator random, Scheduler thread) {}

    /** What every loop works with. */
    record Stages(
            ReportFeed feed,
            RequestSigner signer,
            RequestSender sender,
            ReportPolicy policy,
            Settings settings,
            Surroundings surroundings) {}

    public Reporting(
            ReportingWebhooks webhooks,
            ReportFeed feed,
            RequestSigner signer,
            RequestSender sender,
            Settings settings,
            Surroundings surroundings) {
        this.webhooks = webhooks;
        this.settings = settings;
        ReportPolicy policy = new ReportPolicy(surroundings.random(), settings.timeScale());
        this.stages = new Stages(feed, signer, sender, policy, settings, surroundings);
    }

    public void start() {
        webhooks.start(this::follow, settings.gateways());
        trimming.update(Repeating.every(
                "report_trim", TRIM_PERIOD, TRIM_PERIOD, stages.surroundings().thread(), this::trim));
    }

    /** Blocks until attempts under way have ended and other gateways may go on at once. */
    public void stop() {
        webhooks.stop();
        trimming.dispose();
        Mono.when(stopAll()).timeout(STOPPING, Mono.empty()).block();
    }

    private synchronized void follow(List<ReportingWebhook> enabled) {
        if (stopped) {
            return;
        }
        Map<String, ReportingWebhook> wanted =
                enabled.stream().collect(Collectors.toMap(ReportingWebhook::id, webhook -> webhook));
        loops.entrySet().removeIf(entry -> {
            boolean gone = !wanted.containsKey(entry.getKey());
            if (gone) {
                entry.getValue().stop().subscribe();
            }
            return gone;
        });
        wanted.values()
                .forEach(webhook -> loops.computeIfAbsent(webhook.id(), id -> startLoop(webhook))
                        .use(webhook));
    }

    /** Each loop has a name of its own: one that replaces another of the same webhook waits for its end, too. */
    private ReportLoop startLoop(ReportingWebhook webhook) {
        ReportLoop loop = new ReportLoop(webhook, settings.instance() + "/" + ++started, stages);
        loop.start();
        return loop;
    }

    private synchronized List<Mono<Void>> stopAll() {
        stopped = true;
        List<Mono<Void>> ends = new ArrayList<>();
        loops.values().forEach(loop -> ends.add(loop.stop()));
        loops.clear();
        return ends;
    }

    private Mono<Void> trim() {
        if (!settings.here().getAsBoolean()) {
            return Mono.empty();
        }
        return stages.feed().trim(settings.retention(), settings.entriesKept()).onErrorResume(failure -> {
            log.atWarn().addKeyValue("cause", failure.toString()).log("report.trim_failed");
            return Mono.empty();
        });
    }
}
