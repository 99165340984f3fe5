package io.posthaste.boot;

import io.posthaste.config.ConfigException;
import io.posthaste.config.EgressProxy;
import io.posthaste.config.GatewayConfig;
import io.posthaste.connection.Connection;
import io.posthaste.job.HostPatterns;
import io.posthaste.metrics.DeliveryMetrics;
import io.posthaste.send.ConnectionPools;
import io.posthaste.send.HeaderRules;
import io.posthaste.send.HttpClients;
import io.posthaste.send.InvalidUrlException;
import io.posthaste.send.RequestSender;
import io.posthaste.send.Target;
import io.posthaste.send.address.AddressPolicy;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What sends requests, and the addresses it may send them to. */
final class SendWiring {
    private static final Logger log = LoggerFactory.getLogger(Gateway.class);

    private SendWiring() {}

    /**
     * @param connections by their names; null for one that there is not
     * @param api where the API listens, which deliveries may not reach unless for the request bin
     */
    static RequestSender sender(
            Foundation on, String version, InetSocketAddress api, Function<String, @Nullable Connection> connections) {
        GatewayConfig config = on.config();
        GatewayConfig.Send send = config.send();
        List<String> allowed = new ArrayList<>(send.allowAddresses());
        if (config.bin().enabled()) {
            // Deliveries to the request bin are what it is for.
            allowed.add(api.getAddress().getHostAddress() + ":" + api.getPort());
        }
        AddressPolicy policy = addressPolicy(config, allowed, api);
        HttpClients clients =
                on.lifecycle().closing("HTTP clients", HttpClients.create(send, policy, egress(config.egress())));
        watch(clients, on.metrics());
        return new RequestSender(
                clients,
                new HeaderRules(send.headerPrefix()),
                Set.copyOf(send.allowPorts()),
                version,
                System::nanoTime,
                connections,
                on.clock());
    }

    private static HttpClients.Egress egress(GatewayConfig.Egress config) {
        EgressProxy proxy = config.proxyAddress();
        return new HttpClients.Egress(
                proxy == null
                        ? null
                        : new Connection.Proxy(proxy.host(), proxy.port(), proxy.username(), proxy.password()),
                new HostPatterns(config.noProxy()),
                config.judgeNames());
    }

    /** The host that a URL is dialled at, null when it cannot be. */
    static @Nullable String hostOf(String url, Set<Integer> allowPorts) {
        try {
            return Target.parse(url, allowPorts).host();
        } catch (InvalidUrlException refused) {
            return null;
        }
    }

    private static void watch(HttpClients clients, DeliveryMetrics metrics) {
        metrics.gauge(
                "posthaste.loop.delay.seconds",
                "How late event loops get to what became ready",
                clients,
                c -> c.loopDelay().toNanos() / 1e9);
        ConnectionPools pools = clients.pools();
        metrics.gauge("posthaste.connections.active", "Connections with a request", pools, ConnectionPools::active);
        metrics.gauge("posthaste.connections.idle", "Connections kept for the next", pools, ConnectionPools::idle);
        metrics.gauge("posthaste.connections.waiting", "Requests without one", pools, ConnectionPools::waiting);
        metrics.gauge(
                "posthaste.connections.waiting.most",
                "The same for the worst host",
                pools,
                ConnectionPools::mostWaiting);
        metrics.gauge(
                "posthaste.connections.stale",
                "Kept connections that ended as a request arrived, since the start",
                pools,
                ConnectionPools::stale);
    }

    private static AddressPolicy addressPolicy(GatewayConfig config, List<String> allowed, InetSocketAddress api) {
        try {
            allowed.stream().filter(AddressPolicy::isWithoutEffect).forEach(SendWiring::warn);
            return AddressPolicy.of(allowed, config.send().denyAddresses(), ownPorts(config.redis(), api));
        } catch (IllegalArgumentException e) {
            throw new ConfigException(List.of("send.allow-addresses, send.deny-addresses: " + e.getMessage()));
        }
    }

    private static void warn(String entry) {
        log.atWarn()
                .addKeyValue("setting", "send.allow-addresses")
                .addKeyValue("entry", entry)
                .addKeyValue("fix", "loopback and link-local addresses are opened one by one, such as 127.0.0.1/32")
                .log("config.without_effect");
    }

    /** Ports that a broad permission does not open: the API and the embedded Redis (SSRF-12). */
    private static Set<Integer> ownPorts(GatewayConfig.Redis redis, InetSocketAddress api) {
        return redis.isEmbedded() ? Set.of(api.getPort(), redis.embedded().port()) : Set.of(api.getPort());
    }
}
