package io.posthaste.boot;

import io.posthaste.api.AdminApi;
import io.posthaste.api.check.SaveCheck;
import io.posthaste.api.live.Insight;
import io.posthaste.api.port.Backends;
import io.posthaste.api.port.Surroundings;
import io.posthaste.config.ConfigException;
import io.posthaste.config.GatewayConfig;
import io.posthaste.http.AccessTokens;
import io.posthaste.http.AdminSettings;
import io.posthaste.http.TokenFiles;
import io.posthaste.json.Problem;
import io.posthaste.liquid.Liquid;
import io.posthaste.redis.RedisOutage;
import io.posthaste.render.BodyLint;
import io.posthaste.send.HeaderRules;
import io.posthaste.store.audit.AuditStore;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.ChannelBindException;

/** The HTTP API: its listener, its tokens, and what it checks before anything is stored. */
final class ApiWiring {
    private ApiWiring() {}

    /** Answers where it listens. */
    static InetSocketAddress start(Foundation on, Backends backends, Liquid liquid, Insight insight, AuditStore audit) {
        GatewayConfig config = on.config();
        Scheduler work = work(on.lifecycle());
        AdminApi api = new AdminApi(
                new AdminSettings(config.admin(), tokens(on, work), config.bin().enabled()),
                backends,
                check(config, liquid),
                insight,
                new Surroundings(
                        on.clock(), System::nanoTime, new RandomIds(on.random()), work, RedisOutage::of, audit));
        on.lifecycle().onStop("HTTP API", api::stop);
        return bind(api, config.admin());
    }

    private static SaveCheck check(GatewayConfig config, Liquid liquid) {
        return new SaveCheck(
                (field, source) -> liquid.check(source).stream()
                        .map(found -> new Problem(field, found.line(), found.column(), found.message(), found.fix()))
                        .toList(),
                new HeaderRules(config.send().headerPrefix()),
                Set.copyOf(config.send().allowPorts()),
                new BodyLint(liquid, config.render().maxOutputBytes())::problem);
    }

    private static InetSocketAddress bind(AdminApi api, GatewayConfig.Admin listen) {
        try {
            return api.start();
        } catch (ChannelBindException e) {
            throw new ConfigException(List.of(
                    "admin.port: cannot listen on %s:%d (%s); stop what listens there, or choose another port (0 takes a free one)"
                            .formatted(listen.host(), listen.port(), e.getMessage())));
        }
    }

    private static AccessTokens tokens(Foundation on, Scheduler work) {
        GatewayConfig.Admin admin = on.config().admin();
        TokenFiles more = on.lifecycle().closing("tokens", new TokenFiles(admin.tokensFile(), on.clock()));
        more.start(work);
        return AccessTokens.admin(
                        KeyWiring.secret(admin.token(), admin.tokenFile(), () -> AccessTokens.generate(on.random())))
                .and(more);
    }

    private static Scheduler work(Lifecycle lifecycle) {
        Scheduler work = Schedulers.newBoundedElastic(2, 1_000, "posthaste-api", 60, true);
        lifecycle.onStop("API threads", work::dispose);
        return work;
    }
}
