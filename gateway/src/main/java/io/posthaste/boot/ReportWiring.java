package io.posthaste.boot;

import io.posthaste.config.GatewayConfig;
import io.posthaste.redis.RedisConnections;
import io.posthaste.redis.RedisKeys;
import io.posthaste.redis.layout.Layout;
import io.posthaste.report.EventDetails;
import io.posthaste.report.Reporting;
import io.posthaste.send.RequestSender;
import io.posthaste.sign.RequestSigner;
import io.posthaste.store.reporting.ReportFeed;
import io.posthaste.store.reporting.ReportingWebhookStore;
import io.posthaste.store.reporting.ReportingWebhooks;
import io.posthaste.store.vault.Vault;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Reporting webhooks: this instance's view of them, and what sends them their events. */
final class ReportWiring {
    private final Foundation on;
    private final RedisConnections redis;
    private final Set<RedisKeys> served = new HashSet<>();
    private final ReportingWebhooks webhooks;
    private volatile Consumer<RedisKeys> starting = shard -> {};

    ReportWiring(Foundation on, RedisConnections redis, Layout layout) {
        this.on = on;
        this.redis = redis;
        List<RedisKeys> shards = layout.serving().all();
        this.served.addAll(shards);
        this.webhooks = new ReportingWebhooks(shards.stream().map(this::store).toList(), on.timer());
        on.metrics()
                .gauge("posthaste.reports.lag", "Events before the slowest receiver", webhooks, ReportingWebhooks::lag);
    }

    private ReportingWebhookStore store(RedisKeys shard) {
        return new ReportingWebhookStore(
                redis.admin(), shard, on.config().reports().maxLength());
    }

    /** Serves what is not served yet. Blocks. */
    synchronized void serve(Layout layout) {
        for (RedisKeys shard : layout.serving().all()) {
            if (!served.contains(shard)) {
                webhooks.add(store(shard)).block();
                served.add(shard);
                starting.accept(shard);
            }
        }
    }

    ReportingWebhooks webhooks() {
        return webhooks;
    }

    /** What settling adds to each event. */
    EventDetails details(RequestSender sender, Vault vault) {
        return new EventDetails(
                webhooks::interest, sender::targetOf, text -> vault.values().hide(text));
    }

    /** To be started after the delivery loop and so stopped before it, which ends all attempts still under way. */
    synchronized void start(RequestSigner signer, RequestSender sender, QueueWiring queue) {
        Scheduler thread = Schedulers.newSingle("posthaste-report", true);
        on.lifecycle().onStop("reporting thread", thread::dispose);
        starting = shard -> start(shard, queue, signer, sender, thread);
        served.forEach(starting);
    }

    private void start(
            RedisKeys shard, QueueWiring queue, RequestSigner signer, RequestSender sender, Scheduler thread) {
        GatewayConfig.Reports config = on.config().reports();
        Reporting reporting = new Reporting(
                webhooks,
                new ReportFeed(redis.admin(), shard, Reporting.LEASE),
                signer,
                sender,
                new Reporting.Settings(
                        new RandomIds(on.random()).get(),
                        queue.isPolled(shard.tag()),
                        () -> queue.membership().gateways().size(),
                        shard.tag(),
                        config.maxLength(),
                        config.retention(),
                        on.config().time().scale()),
                new Reporting.Surroundings(
                        on.clock(), System::nanoTime, new Random(on.random().nextLong()), thread));
        on.lifecycle().onStop("reporting", reporting::stop);
        reporting.start();
    }
}
