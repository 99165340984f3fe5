package io.posthaste.boot;

import io.posthaste.config.GatewayConfig;
import io.posthaste.metrics.RedisMetrics;
import io.posthaste.queue.upkeep.Membership;
import io.posthaste.redis.Keyspace;
import io.posthaste.redis.RedisConnections;
import io.posthaste.redis.Shards;
import io.posthaste.redis.StartupChecks;
import io.posthaste.redis.embedded.EmbeddedRedis;
import io.posthaste.redis.layout.Layout;
import io.posthaste.redis.layout.LayoutStore;
import io.posthaste.redis.layout.Layouts;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Redis: started if it is ours, connected, checked. */
final class RedisWiring {
    private static final Logger log = LoggerFactory.getLogger(Gateway.class);

    private RedisWiring() {}

    /** Its keyspace is there, and this gateway one of its own. */
    record Opened(RedisConnections redis, Membership membership, LayoutStore store, Layouts layouts) {}

    /** Connects, blocking, and looks whether what is there can be trusted with jobs. */
    static Opened connect(Foundation on, String searchPath) {
        GatewayConfig.Redis config = on.config().redis();
        Lifecycle lifecycle = on.lifecycle();
        String uri = config.uri();
        if (config.isEmbedded()) {
            EmbeddedRedis embedded =
                    lifecycle.closing("embedded Redis", EmbeddedRedis.start(config.embedded(), searchPath));
            embedded.warnings().forEach(RedisWiring::warn);
            uri = embedded.uri();
        }
        RedisMetrics times = new RedisMetrics(on.registry());
        RedisConnections redis = lifecycle.closing(
                "Redis connections", RedisConnections.open(uri, config.commandTimeout(), times::start, config.tls()));
        List<String> warnings = StartupChecks.of(redis);
        if (!config.isEmbedded()) {
            // The embedded server is as we start it, and what is wrong with its program was said.
            warnings.forEach(RedisWiring::warn);
        }
        return opened(on, redis);
    }

    /** Heard of before the layout is read: no change of it goes on then until this gateway acts by it. */
    private static Opened opened(Foundation on, RedisConnections redis) {
        Membership membership = on.lifecycle()
                .closing("membership", new Membership(redis, GatewayName.create(on.random()), on.timer()));
        membership.arrive();
        Shards found = Keyspace.open(redis, on.config().redis().shards());
        LayoutStore store = new LayoutStore(redis);
        Layout layout = store.read().blockOptional().orElseGet(() -> Layout.of(found));
        return new Opened(redis, membership, store, new Layouts(store, layout));
    }

    private static void warn(String warning) {
        log.atWarn().addKeyValue("warning", warning).log("redis.unsafe");
    }
}
