package io.posthaste.api;

import io.posthaste.action.RetryPolicy;
import io.posthaste.api.check.SaveCheck;
import io.posthaste.api.live.Insight;
import io.posthaste.api.live.Readiness;
import io.posthaste.api.port.AnswerRenderer;
import io.posthaste.api.port.Backends;
import io.posthaste.api.port.JobRenderer;
import io.posthaste.api.port.Surroundings;
import io.posthaste.api.port.TestSender;
import io.posthaste.config.GatewayConfig;
import io.posthaste.config.ServerTls;
import io.posthaste.deliver.limit.HostLimits;
import io.posthaste.host.HostWatch;
import io.posthaste.http.Access;
import io.posthaste.http.AccessTokens;
import io.posthaste.http.AdminSettings;
import io.posthaste.http.Route;
import io.posthaste.job.HostPatterns;
import io.posthaste.job.Reply;
import io.posthaste.job.Secret;
import io.posthaste.job.SecretValues;
import io.posthaste.job.SignedRequest;
import io.posthaste.json.Problem;
import io.posthaste.liquid.Liquid;
import io.posthaste.liquid.parse.Limits;
import io.posthaste.metrics.ActionTally;
import io.posthaste.metrics.Activity;
import io.posthaste.metrics.HostLoad;
import io.posthaste.metrics.PrometheusPage;
import io.posthaste.queue.QueueSettings;
import io.posthaste.queue.RedisJobQueue;
import io.posthaste.queue.browse.Deliveries;
import io.posthaste.queue.browse.Erasure;
import io.posthaste.queue.browse.RedisDeliveries;
import io.posthaste.queue.browse.ShardErasure;
import io.posthaste.queue.reshape.ShardCount;
import io.posthaste.queue.upkeep.ActionFigures;
import io.posthaste.queue.upkeep.Membership;
import io.posthaste.queue.upkeep.OperationSteps;
import io.posthaste.queue.upkeep.RedisOperations;
import io.posthaste.redis.RedisConnections;
import io.posthaste.redis.RedisKeys;
import io.posthaste.redis.RedisOutage;
import io.posthaste.redis.Shards;
import io.posthaste.redis.layout.LayoutStore;
import io.posthaste.render.AttributeRenderer;
import io.posthaste.render.BodyLint;
import io.posthaste.render.LookUps;
import io.posthaste.render.Reference;
import io.posthaste.render.RequestRenderer;
import io.posthaste.render.TemplateCache;
import io.posthaste.render.WebhookDialect;
import io.posthaste.seal.InlineGrants;
import io.posthaste.seal.Sealer;
import io.posthaste.send.HeaderRules;
import io.posthaste.store.action.ActionCodec;
import io.posthaste.store.action.ActionStore;
import io.posthaste.store.action.Actions;
import io.posthaste.store.audit.AuditStore;
import io.posthaste.store.host.HostBoard;
import io.posthaste.store.person.PersonStore;
import io.posthaste.store.rate.HostRates;
import io.posthaste.store.reporting.ReportingWebhookStore;
import io.posthaste.store.reporting.ReportingWebhooks;
import io.posthaste.store.vault.Vault;
import io.posthaste.testing.RedisServer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The API on a real socket with a real Redis behind it. */
final class RunningApi extends ApiCalls implements AutoCloseable {
    /** A time far ahead that a job may still be due at: whole seconds, in epoch milliseconds. */
    static final long LATER = (System.currentTimeMillis() / 1_000 + 300 * 86_400L) * 1_000;

    static final String OPERATE = "operate-token-for-this-test";
    static final String READ = "read-token-for-this-test";

    private static final Liquid LIQUID = new Liquid(
            WebhookDialect.with(Map.of()), Limits.DEFAULT, InstantSource.system(), System::nanoTime, new Random(1));

    private final AtomicLong newKeys = new AtomicLong();
    final RedisServer server = RedisServer.start();
    final RedisConnections connections = RedisConnections.open(server.uri(), Duration.ofSeconds(5));
    final ActionStore store = new ActionStore(connections.admin(), new ActionCodec());
    final Actions actions = new Actions(store, Schedulers.parallel(), System::nanoTime);
    private final Sealer sealer = Sealer.of("0".repeat(64), new Random(2));
    final HostRates hostLimits = new HostRates(connections.foreground(), Schedulers.parallel());
    final Vault vault = new Vault(
            connections.admin(),
            sealer,
            new Vault.Settings(Duration.ofHours(1), () -> "whsec_" + newKeys.incrementAndGet()),
            Schedulers.parallel());
    final RedisDeliveries deliveries = new RedisDeliveries(connections, settings(), sealer);
    final ReportingWebhooks reports = new ReportingWebhooks(
            List.of(new ReportingWebhookStore(connections.admin(), new RedisKeys(QueueSettings.SINGLE_SHARD), 1_000)),
            Schedulers.parallel());
    final PersonStore people = new PersonStore(connections.admin(), Shards.ONE);
    final ActionTally tally = new ActionTally();
    final ActionFigures figures = new ActionFigures(connections, List.of(settings()), tally, Schedulers.parallel());
    final AtomicLong nanos = new AtomicLong();
    final Activity activity = new Activity();
    volatile Deliveries.Depth depth = Deliveries.Depth.UNKNOWN;
    volatile List<HostLoad> limitingHosts = List.of();
    volatile List<String> gateways = List.of("here-1");
    final HostLimits limits = new HostLimits(1_000, 256, 1 << 20, System::nanoTime);
    final HostWatch hosts = hostWatch("here-1", limits);
    /** What test requests become. */
    volatile TestSender tester = (action, request, id, key) -> Mono.just(new TestSender.Sent(
            new SignedRequest(request, List.of()), new Reply.Answered(200, List.of(), new byte[0], false, 1)));

    volatile Readiness readiness = new Readiness(true, "");

    private final AtomicLong lastId = new AtomicLong();
    private final AdminApi api;

    private Backends.Trial trial() {
        return new Backends.Trial(
                JobRenderer.of(renderer(vault::secret), people, Schedulers.parallel()),
                JobRenderer.of(
                        renderer(name -> vault.secret(name) == null
                                ? null
                                : new Secret(name, SecretValues.MASK, HostPatterns.NONE)),
                        people,
                        Schedulers.parallel()),
                AnswerRenderer.of(attributes(), people, Schedulers.parallel()),
                (action, request, id, key) -> tester.send(action, request, id, key),
                Reference.of(LIQUID.filterNames()));
    }

    RunningApi() {
        this.api = new AdminApi(
                settingsOfApi(),
                backends(),
                new SaveCheck(
                        RunningApi::problems,
                        new HeaderRules("X-CIO-"),
                        Set.of(),
                        new BodyLint(LIQUID, 1 << 20)::problem),
                insight(),
                new Surroundings(
                        InstantSource.system(),
                        nanos::get,
                        () -> "id-" + lastId.incrementAndGet(),
                        Schedulers.parallel(),
                        RedisOutage::of,
                        new AuditStore(connections.admin())));
        port.set(api.start().getPort());
    }

    private static AdminSettings settingsOfApi() {
        AccessTokens tokens =
                AccessTokens.admin(ADMIN).and("op", OPERATE, Access.OPERATE).and("viewer", READ, Access.READ);
        GatewayConfig.Admin listen = new GatewayConfig.Admin(
                "127.0.0.1",
                0,
                null,
                Path.of("unused"),
                Path.of("unused"),
                List.of("gw.example"),
                false,
                50,
                List.of("x-tenant-*"),
                ServerTls.NONE);
        return new AdminSettings(listen, tokens, true);
    }

    private Backends backends() {
        ShardErasure erasure =
                new ShardErasure(connections, settings(), new RedisDeliveries(connections, settings(), sealer));
        return new Backends(
                store,
                actions,
                vault,
                hostLimits,
                reports,
                people,
                new Backends.Queue(
                        deliveries,
                        new RedisOperations(connections, settings()),
                        new Erasure(List.of(erasure)),
                        figures,
                        new InlineGrants(sealer)::give,
                        new ShardCount(
                                connections,
                                new LayoutStore(connections),
                                new Membership(connections, "self", Schedulers.parallel()))),
                trial());
    }

    private Insight insight() {
        Supplier<Readiness> ready = () -> readiness;
        return new Insight(
                ready,
                accept -> new PrometheusPage.Page("text/plain; version=0.0.4; charset=utf-8", "posthaste_up 1\n"),
                List.of("192.0.2.1"),
                activity,
                () -> depth,
                () -> limitingHosts,
                "here-1",
                () -> gateways,
                List::of,
                List::of,
                hosts::seen);
    }

    private static List<Problem> problems(String field, String source) {
        return LIQUID.check(source).stream()
                .map(found -> new Problem(field, found.line(), found.column(), found.message(), found.fix()))
                .toList();
    }

    private RequestRenderer renderer(Function<String, @Nullable Secret> secrets) {
        TemplateCache templates = new TemplateCache(LIQUID, 1 << 20);
        return new RequestRenderer(
                templates,
                new LookUps(secrets, vault::snippet, url -> URI.create(url).getHost()),
                InstantSource.system(),
                1 << 20);
    }

    private AttributeRenderer attributes() {
        Liquid answers = new Liquid(
                WebhookDialect.ofAnswers(Map.of()),
                Limits.DEFAULT,
                InstantSource.system(),
                System::nanoTime,
                new Random(1));
        return new AttributeRenderer(new TemplateCache(answers, 1 << 20), vault::snippet, InstantSource.system());
    }

    /** Of this gateway, or of one beside it. */
    HostWatch hostWatch(String gateway, HostLimits of) {
        return new HostWatch(
                gateway,
                () -> gateways,
                of,
                new HostBoard(connections.admin(), new RedisKeys(QueueSettings.SINGLE_SHARD)),
                vault::values,
                InstantSource.system());
    }

    static QueueSettings settings() {
        return new QueueSettings(
                QueueSettings.SINGLE_SHARD,
                256,
                Duration.ofMillis(1),
                new QueueSettings.Leases(RetryPolicy.LONGEST_TIMEOUT, Duration.ofSeconds(15), 100, 3),
                new QueueSettings.Kept(
                        10_000,
                        1_000,
                        Duration.ZERO,
                        new GatewayConfig.History(
                                1_000, Duration.ofHours(24), Duration.ofDays(7), 1 << 20, "failed", true)));
    }

    /** What would do the steps of operations beside the API. */
    OperationSteps operationSteps() {
        return new OperationSteps(connections, settings(), () -> true, Schedulers.parallel());
    }

    /** The engine that would run beside the API. */
    RedisJobQueue queue() {
        return new RedisJobQueue(
                connections,
                settings(),
                sealer,
                InstantSource.system(),
                Schedulers.parallel(),
                new Random(1),
                () -> {});
    }

    List<Route> routes() {
        return api.routes();
    }

    @Override
    public void close() {
        api.stop();
        actions.stop();
        connections.close();
        server.close();
    }
}
