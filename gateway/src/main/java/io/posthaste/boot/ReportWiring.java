package io.posthaste.boot;

import io.posthaste.config.GatewayConfig;
import io.posthaste.redis.RedisConnections;
import io.posthaste.redis.RedisKeys;
import io.posthaste.redis.Shards;
import io.posthaste.report.EventDetails;
import io.posthaste.report.Reporting;
import io.posthaste.send.RequestSender;
import io.posthaste.sign.RequestSigner;
import io.posthaste.store.reporting.ReportFeed;
import io.posthaste.store.reporting.ReportingWebhookStore;
import io.posthaste.store.reporting.ReportingWebhooks;
import io.posthaste.store.vault.Vault;
import java.util.Random;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Reporting webhooks: this instance's view of them, and what sends them their events. */
final class ReportWiring {
    private final Foundation on;
    private final RedisConnections redis;
    private final Shards shards;
    private final ReportingWebhooks webhooks;

    ReportWiring(Foundation on, RedisConnections redis, Shards shards) {
        this.on = on;
        this.redis = redis;
        this.shards = shards;
        int kept = on.config().reports().maxLength();
        this.webhooks = new ReportingWebhooks(
                shards.all().stream()
                        .map(shard -> new ReportingWebhookStore(redis.admin(), shard, kept))
                        .toList(),
                on.timer());
        on.metrics()
                .gauge("posthaste.reports.lag", "Events before the slowest receiver", webhooks, ReportingWebhooks::lag);
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
    void start(RequestSigner signer, RequestSender sender, QueueWiring queue) {
        Scheduler thread = Schedulers.newSingle("posthaste-report", true);
        on.lifecycle().onStop("reporting thread", thread::dispose);
        shards.all().forEach(shard -> start(shard, queue, signer, sender, thread));
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
