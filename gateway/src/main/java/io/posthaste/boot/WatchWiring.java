package io.posthaste.boot;

import io.posthaste.alert.AlertWatch;
import io.posthaste.config.GatewayConfig;
import io.posthaste.connection.Connection.Identity;
import io.posthaste.deliver.DepthWatch;
import io.posthaste.deliver.limit.HostLimits;
import io.posthaste.doctor.Checkup;
import io.posthaste.doctor.KeyCheck;
import io.posthaste.doctor.MachineCheck;
import io.posthaste.doctor.ReaderCheck;
import io.posthaste.doctor.RedisCheck;
import io.posthaste.host.HostWatch;
import io.posthaste.metrics.QueueGauges;
import io.posthaste.metrics.Repeating;
import io.posthaste.metrics.ServerGauges;
import io.posthaste.metrics.TaggedGauge;
import io.posthaste.queue.QueueSettings;
import io.posthaste.queue.upkeep.ActionFigures;
import io.posthaste.redis.RedisConnections;
import io.posthaste.redis.RedisKeys;
import io.posthaste.redis.ServerWatch;
import io.posthaste.store.alert.Alerts;
import io.posthaste.store.host.HostBoard;
import io.posthaste.store.vault.StoredConnection;
import io.posthaste.store.vault.Vault;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Who looks after the queue, lanes and certificates, and tells. */
record WatchWiring(DepthWatch depth, AlertWatch alerts, Checkup doctor, HostWatch hosts) {
    private static final Duration SERVERS = Duration.ofSeconds(10);

    static WatchWiring start(
            Foundation on,
            RedisConnections redis,
            QueueWiring queue,
            ActionFigures figures,
            Vault vault,
            HostLimits hosts) {
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
                        new CertificateWatch(
                                        () -> expiring(vault),
                                        TaggedGauge.certificates(on.registry()),
                                        on.config().alerts().certificate(),
                                        on.clock())
                                .start(on.timer())::dispose);
        ServerWatch servers = new ServerWatch(
                redis, () -> queue.eachShard().stream().map(QueueSettings::tag).toList());
        showServers(on, queue, servers);
        return new WatchWiring(
                depth,
                alerts(on, redis, queue, depth, figures, vault),
                doctor(on, redis, queue, servers, vault),
                hosts(on, redis, queue, vault, hosts));
    }

    /** Tells the other gateways of hosts, and hears of theirs. */
    private static HostWatch hosts(
            Foundation on, RedisConnections redis, QueueWiring queue, Vault vault, HostLimits hosts) {
        HostWatch watch = new HostWatch(
                queue.gateway(),
                queue.membership()::gateways,
                hosts,
                new HostBoard(
                        redis.admin(),
                        new RedisKeys(queue.eachShard().getFirst().tag())),
                vault::values,
                on.clock());
        on.lifecycle().onStop("host watch", watch.start(on.timer())::dispose);
        return watch;
    }

    /** One gateway asks for all. */
    private static void showServers(Foundation on, QueueWiring queue, ServerWatch servers) {
        ServerGauges gauges = new ServerGauges(on.registry());
        BooleanSupplier isMine = queue.isPolled(queue.eachShard().getFirst().tag());
        on.lifecycle()
                .onStop(
                        "server watch",
                        Repeating.every(
                                "servers",
                                Duration.ZERO,
                                SERVERS,
                                on.timer(),
                                () -> Mono.<Void>fromRunnable(
                                                () -> show(gauges, isMine.getAsBoolean() ? servers : null))
                                        .subscribeOn(Schedulers.boundedElastic())
                                        .onErrorComplete())::dispose);
    }

    private static void show(ServerGauges gauges, @Nullable ServerWatch servers) {
        if (servers == null) {
            gauges.update(List.of(), Map.of());
            return;
        }
        List<ServerGauges.Server> seen = servers.servers().stream()
                .map(server -> new ServerGauges.Server(
                        server.address(),
                        server.number("used_memory"),
                        server.number("maxmemory"),
                        server.onlineCopies(),
                        server.slowestCopy()))
                .toList();
        gauges.update(seen, servers.readers());
    }

    /** Looks for what breaks in production. */
    private static Checkup doctor(
            Foundation on, RedisConnections redis, QueueWiring queue, ServerWatch servers, Vault vault) {
        GatewayConfig config = on.config();
        return new Checkup(List.of(
                new RedisCheck(redis, queue.eachShard().getFirst().tag(), on.clock(), System::nanoTime),
                MachineCheck.of(config),
                new ReaderCheck(servers::readers, config.queue().resultsMaxLength()),
                new KeyCheck(() -> ages(vault), on.clock())));
    }

    private static Map<String, Instant> ages(Vault vault) {
        Map<String, Instant> ages = new TreeMap<>();
        vault.keys().stream()
                .filter(key -> key.isCurrent() && key.createdAtMillis() > 0)
                .forEach(key -> ages.put("signing key " + key.id(), Instant.ofEpochMilli(key.createdAtMillis())));
        return ages;
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
        AlertWatch watch = new AlertWatch(
                new Alerts(redis, new RedisKeys(first)),
                new AlertWatch.Sources(
                        queue.isPolled(first), queue.deliveries(), depth::latest, figures, () -> expiring(vault)),
                on.config().alerts(),
                TaggedGauge.alerts(on.registry()),
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
