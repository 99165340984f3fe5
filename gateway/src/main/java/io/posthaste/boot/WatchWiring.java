package io.posthaste.boot;

import io.posthaste.alert.AlertWatch;
import io.posthaste.config.GatewayConfig;
import io.posthaste.connection.Connection.Identity;
import io.posthaste.deliver.DepthWatch;
import io.posthaste.metrics.AlertGauges;
import io.posthaste.metrics.CertificateGauges;
import io.posthaste.metrics.QueueGauges;
import io.posthaste.queue.upkeep.ActionFigures;
import io.posthaste.redis.RedisConnections;
import io.posthaste.redis.RedisKeys;
import io.posthaste.store.alert.Alerts;
import io.posthaste.store.vault.StoredConnection;
import io.posthaste.store.vault.Vault;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** Who looks after the queue, lanes and certificates, and tells. */
record WatchWiring(DepthWatch depth, AlertWatch alerts) {

    static WatchWiring start(
            Foundation on, RedisConnections redis, QueueWiring queue, ActionFigures figures, Vault vault) {
        DepthWatch depth = new DepthWatch(
                queue.deliveries(),
                new QueueGauges(on.registry()),
                on.timer(),
                on.clock(),
                () -> queue.membership().gateways().size());
        on.lifecycle().onStop("depth watch", depth::stop);
        depth.start();
        on.lifecycle()
                .onStop(
                        "certificate watch",
                        new CertificateWatch(vault::connections, new CertificateGauges(on.registry()), on.clock())
                                .start(on.timer())::dispose);
        return new WatchWiring(depth, alerts(on, redis, queue, depth, figures, vault));
    }

    private static AlertWatch alerts(
            Foundation on,
            RedisConnections redis,
            QueueWiring queue,
            DepthWatch depth,
            ActionFigures figures,
            Vault vault) {
        // What is not of one shard is kept on the first.
        String first = queue.eachShard().getFirst().tag();
        GatewayConfig.Alerts config = on.config().alerts();
        AlertWatch watch = new AlertWatch(
                new Alerts(redis, new RedisKeys(first)),
                new AlertWatch.Sources(
                        queue.isPolled(first), queue.deliveries(), depth::latest, figures, () -> expiring(vault)),
                new AlertWatch.Settings(
                        config.failingPercent(),
                        config.failingAttempts(),
                        config.backlogAge(),
                        config.certificate(),
                        config.pauseFailing()),
                new AlertGauges(on.registry()),
                on.clock());
        on.lifecycle().onStop("alert watch", watch.start(on.timer())::dispose);
        return watch;
    }

    private static Map<String, Instant> expiring(Vault vault) {
        Map<String, Instant> ends = new TreeMap<>();
        for (StoredConnection stored : vault.connections()) {
            Identity identity = stored.connection().identity();
            if (identity != null) {
                ends.put(stored.name(), identity.expiresAt());
            }
        }
        return ends;
    }
}
