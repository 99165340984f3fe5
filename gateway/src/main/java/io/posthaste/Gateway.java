package io.posthaste;

import io.lettuce.core.RedisException;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.posthaste.action.Action;
import io.posthaste.action.RetryPolicy;
import io.posthaste.admin.AccessTokens;
import io.posthaste.admin.AdminApi;
import io.posthaste.admin.AdminSettings;
import io.posthaste.admin.Backends;
import io.posthaste.admin.Insight;
import io.posthaste.admin.Readiness;
import io.posthaste.admin.SaveCheck;
import io.posthaste.admin.Surroundings;
import io.posthaste.admin.TestSender;
import io.posthaste.admin.TokenFile;
import io.posthaste.classify.ReplyClassifier;
import io.posthaste.classify.RetrySchedule;
import io.posthaste.config.ConfigException;
import io.posthaste.config.GatewayConfig;
import io.posthaste.config.SecretFile;
import io.posthaste.deliver.ActionLookup;
import io.posthaste.deliver.DeliveryLoop;
import io.posthaste.deliver.DeliveryPipeline;
import io.posthaste.deliver.DepthWatch;
import io.posthaste.deliver.HostLimits;
import io.posthaste.deliver.Preparation;
import io.posthaste.deliver.Progress;
import io.posthaste.deliver.Settling;
import io.posthaste.job.RenderedRequest;
import io.posthaste.job.SignedRequest;
import io.posthaste.liquid.Limits;
import io.posthaste.liquid.Liquid;
import io.posthaste.liquid.filter.Filter;
import io.posthaste.liquid.plugin.FilterPlugins;
import io.posthaste.metrics.Activity;
import io.posthaste.metrics.DeliveryMetrics;
import io.posthaste.metrics.QueueGauges;
import io.posthaste.metrics.RedisMetrics;
import io.posthaste.queue.Deliveries;
import io.posthaste.queue.QueueSettings;
import io.posthaste.queue.QueueUpkeep;
import io.posthaste.queue.RedisDeliveries;
import io.posthaste.queue.RedisJobQueue;
import io.posthaste.redis.EmbeddedRedis;
import io.posthaste.redis.Keyspace;
import io.posthaste.redis.RedisConnections;
import io.posthaste.redis.RedisKeys;
import io.posthaste.redis.StartupChecks;
import io.posthaste.render.BodyLint;
import io.posthaste.render.RenderWorkers;
import io.posthaste.render.RequestRenderer;
import io.posthaste.render.TemplateCache;
import io.posthaste.render.WebhookDialect;
import io.posthaste.report.EventDetails;
import io.posthaste.report.Reporting;
import io.posthaste.seal.Sealer;
import io.posthaste.seal.UnreadableException;
import io.posthaste.send.AddressPolicy;
import io.posthaste.send.ConnectionPools;
import io.posthaste.send.HeaderRules;
import io.posthaste.send.HttpClients;
import io.posthaste.send.RequestSender;
import io.posthaste.sign.RequestSigner;
import io.posthaste.sign.SigningKey;
import io.posthaste.sign.SigningKeys;
import io.posthaste.store.ActionCodec;
import io.posthaste.store.ActionStore;
import io.posthaste.store.Actions;
import io.posthaste.store.KeyKind;
import io.posthaste.store.Problem;
import io.posthaste.store.ReportFeed;
import io.posthaste.store.ReportingWebhookStore;
import io.posthaste.store.ReportingWebhooks;
import io.posthaste.store.Vault;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.ChannelBindException;

/** The only wiring: builds every part, starts them in order, stops them in reverse. */
public final class Gateway implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Gateway.class);

    /** Without a claim, or with work in flight without a settlement, for so long, the gateway is not ready. */
    private static final Duration STANDSTILL = RetryPolicy.LONGEST_TIMEOUT.plusSeconds(10);

    private final GatewayConfig config;
    private final String version;
    private final InstantSource clock = InstantSource.system();
    private final RandomGenerator random = new SecureRandom();
    private final Scheduler timer = Schedulers.newSingle("posthaste-timer", true);
    private final Progress progress = new Progress(System::nanoTime, STANDSTILL);
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final DeliveryMetrics metrics = new DeliveryMetrics(registry);
    private final Activity activity = new Activity();
    private final HostLimits hosts;
    private final CompletableFuture<TestSender> tests = new CompletableFuture<>();
    private final Deque<Stop> stops = new ArrayDeque<>();

    private InetSocketAddress address = InetSocketAddress.createUnresolved("not-bound", 0);

    private record Stop(String part, AutoCloseable action) {}

    private Gateway(GatewayConfig config, String version) {
        this.config = config;
        this.version = version;
        this.hosts = new HostLimits(config.send().maxInFlightPerHost());
    }

    /** Starts a gateway; blocks until it takes jobs. What cannot work ends in one clear exception and nothing left running. */
    public static Gateway start(GatewayConfig config, String version, String searchPath) {
        Gateway gateway = new Gateway(config, version);
        try {
            gateway.startAll(searchPath);
            return gateway;
        } catch (RuntimeException e) {
            gateway.close();
            throw e;
        }
    }

    private void startAll(String searchPath) {
        RedisConnections redis = connect(searchPath);
        Vault vault = vault(redis);
        Supplier<SigningKeys> keys = keys(vault, KeyKind.ACTION);
        ActionStore store = new ActionStore(redis.admin(), new ActionCodec());
        Actions actions = actions(store);
        QueueSettings settings = QueueSettings.of(config, RetryPolicy.LONGEST_TIMEOUT);
        Liquid liquid = liquid();
        RequestRenderer renderer = renderer(liquid, vault);
        Deliveries deliveries = new RedisDeliveries(redis, settings);
        DepthWatch watch = watch(deliveries);
        RedisKeys shard = new RedisKeys(settings.tag());
        ReportingWebhooks reports = reports(redis, shard);
        address = admin(
                new Backends(store, actions, vault, reports, deliveries, renderer::render, this::sendTest),
                liquid,
                watch);
        RedisJobQueue queue = new RedisJobQueue(redis, settings, clock, timer, random);
        RequestSender sender = sender();
        RequestSigner signer = signer(keys);
        sendTestsWith(signer, sender);
        EventDetails details = new EventDetails(
                reports::interest, sender::targetOf, text -> vault.values().hide(text));
        Settling settling = new Settling(queue, metrics, activity, progress, clock, details::of);
        startLoop(queue, signer, actions, renderer, sender, settling);
        startReporting(reports, new ReportFeed(redis.admin(), shard, Reporting.LEASE), vault, sender, shard);
        closing("queue upkeep", new QueueUpkeep(redis, settings, timer)).start();
    }

    /** Where the HTTP API listens. */
    public InetSocketAddress address() {
        return address;
    }

    private void startLoop(
            RedisJobQueue queue,
            RequestSigner signer,
            Actions actions,
            RequestRenderer renderer,
            RequestSender sender,
            Settling settling) {
        RenderWorkers workers =
                closing("render workers", new RenderWorkers(config.render().threads(), queuedBatches()));
        ActionLookup lookup = new ActionLookup(actions, new ActionCodec(), Schedulers.fromExecutor(workers::execute));
        DeliveryPipeline pipeline = pipeline(queue, signer, lookup, renderer, sender, settling);
        DeliveryLoop loop = new DeliveryLoop(queue, pipeline, workers::execute, progress, loopSettings());
        metrics.gauge("posthaste.in.flight", "Deliveries started and not yet settled", loop, DeliveryLoop::inFlight);
        metrics.gauge("posthaste.unsettled", "Outcomes that wait for Redis", queue, RedisJobQueue::unsettled);
        onStop("delivery loop", () -> drain(loop, queue));
        loop.start();
    }

    private ReportingWebhooks reports(RedisConnections redis, RedisKeys shard) {
        ReportingWebhookStore store =
                new ReportingWebhookStore(redis.admin(), shard, config.reports().maxLength());
        ReportingWebhooks reports = new ReportingWebhooks(store, timer);
        metrics.gauge("posthaste.reports.lag", "Events before the slowest receiver", reports, ReportingWebhooks::lag);
        return reports;
    }

    /** Stopped before the delivery loop, which ends all attempts that are still under way. */
    private void startReporting(
            ReportingWebhooks webhooks, ReportFeed feed, Vault vault, RequestSender sender, RedisKeys shard) {
        Scheduler thread = Schedulers.newSingle("posthaste-report", true);
        onStop("reporting thread", thread::dispose);
        Reporting reporting = new Reporting(
                webhooks,
                feed,
                signer(keys(vault, KeyKind.REPORTING)),
                sender,
                new Reporting.Settings(
                        new RandomIds(random).get(),
                        shard.tag(),
                        config.reports().maxLength(),
                        config.reports().retention(),
                        config.time().scale()),
                new Reporting.Surroundings(clock, System::nanoTime, new Random(random.nextLong()), thread));
        onStop("reporting", reporting::stop);
        reporting.start();
    }

    private DepthWatch watch(Deliveries deliveries) {
        DepthWatch watch = new DepthWatch(deliveries, new QueueGauges(registry), timer, clock);
        onStop("depth watch", watch::stop);
        watch.start();
        return watch;
    }

    private InetSocketAddress admin(Backends backends, Liquid liquid, DepthWatch watch) {
        GatewayConfig.Admin listen = config.admin();
        SaveCheck check = new SaveCheck(
                (field, source) -> liquid.check(source).stream()
                        .map(found -> new Problem(field, found.line(), found.column(), found.message(), found.fix()))
                        .toList(),
                new HeaderRules(config.send().headerPrefix()),
                Set.copyOf(config.send().allowPorts()),
                new BodyLint(liquid, config.render().maxOutputBytes())::problem);
        AdminApi api = new AdminApi(
                new AdminSettings(listen, tokens(), config.bin().enabled()),
                backends,
                check,
                new Insight(
                        this::readiness,
                        registry::scrape,
                        config.egress().ipAddresses(),
                        activity,
                        watch::latest,
                        hosts::limiting),
                new Surroundings(clock, System::nanoTime, new RandomIds(random), work(), Gateway::isOutage));
        onStop("HTTP API", api::stop);
        return bind(api);
    }

    private InetSocketAddress bind(AdminApi api) {
        try {
            return api.start();
        } catch (ChannelBindException e) {
            throw new ConfigException(List.of(
                    "admin.port: cannot listen on %s:%d (%s); stop what listens there, or choose another port (0 takes a free one)"
                            .formatted(config.admin().host(), config.admin().port(), e.getMessage())));
        }
    }

    private AccessTokens tokens() {
        GatewayConfig.Admin admin = config.admin();
        return AccessTokens.admin(secret(admin.token(), admin.tokenFile(), () -> AccessTokens.generate(random)))
                .and(TokenFile.read(admin.tokensFile()));
    }

    private Readiness readiness() {
        return progress.standstill().map(why -> new Readiness(false, why)).orElse(new Readiness(true, ""));
    }

    private Scheduler work() {
        Scheduler work = Schedulers.newBoundedElastic(2, 1_000, "posthaste-api", 60, true);
        onStop("API threads", work::dispose);
        return work;
    }

    /** The API listens before there is a sender, which must know the port of the API. */
    private Mono<TestSender.Sent> sendTest(Action action, RenderedRequest request, String id, String key) {
        return Mono.fromFuture(tests, true).flatMap(sender -> sender.send(action, request, id, key));
    }

    private static boolean isOutage(Throwable failure) {
        return failure instanceof RedisException;
    }

    private RedisConnections connect(String searchPath) {
        String uri = config.redis().uri();
        if (config.redis().isEmbedded()) {
            uri = closing("embedded Redis", EmbeddedRedis.start(config.redis().embedded(), searchPath))
                    .uri();
        }
        RedisMetrics times = new RedisMetrics(registry);
        RedisConnections redis = closing(
                "Redis connections", RedisConnections.open(uri, config.redis().commandTimeout(), times::start));
        List<String> warnings = StartupChecks.of(redis);
        if (!config.redis().isEmbedded()) {
            // The embedded server is as we start it: nobody else could act on a warning.
            warnings.forEach(
                    warning -> log.atWarn().addKeyValue("warning", warning).log("redis.unsafe"));
        }
        Keyspace.open(redis, config.redis().shards());
        return redis;
    }

    private Actions actions(ActionStore store) {
        Actions actions = new Actions(store, timer, System::nanoTime);
        onStop("actions", actions::stop);
        actions.start();
        return actions;
    }

    /** What nobody can decrypt is told before anything is started: half a vault would fail what others can deliver. */
    private Vault vault(RedisConnections redis) {
        Vault.Settings settings = new Vault.Settings(config.keys().grace(), () -> SigningKey.generate(random));
        Vault vault = new Vault(redis.admin(), sealer(), settings, timer);
        onStop("vault", vault::stop);
        try {
            vault.start();
            return vault;
        } catch (UnreadableException e) {
            throw new ConfigException(
                    List.of(
                            "keys.encryption: " + e.problem() + "; add the key it was encrypted under,"
                                    + " or remove it with redis-cli HDEL from posthaste:{vault}:secrets or posthaste:{vault}:keys"));
        }
    }

    private Sealer sealer() {
        GatewayConfig.Keys keys = config.keys();
        try {
            return Sealer.of(secret(keys.encryption(), keys.encryptionFile(), () -> Sealer.generate(random)), random);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(
                    List.of("keys.encryption-file: %s: %s".formatted(keys.encryptionFile(), e.getMessage())));
        }
    }

    private Supplier<SigningKeys> keys(Vault vault, KeyKind kind) {
        GatewayConfig.Keys keys = config.keys();
        String initial = switch (kind) {
            case ACTION -> secret(keys.signing(), keys.signingFile(), () -> SigningKey.generate(random));
            case REPORTING -> secret(keys.reporting(), keys.reportingFile(), () -> SigningKey.generate(random));
        };
        return new VaultKeys(vault, kind, SigningKey.of(initial));
    }

    /** As configured, or kept in a file and made at the first start. */
    private static String secret(@Nullable String configured, Path file, Supplier<String> generate) {
        return configured != null ? configured : SecretFile.readOrCreate(file, generate);
    }

    private RequestSender sender() {
        GatewayConfig.Send send = config.send();
        List<String> allowed = new ArrayList<>(send.allowAddresses());
        if (config.bin().enabled()) {
            // Deliveries to the request bin are what it is for.
            allowed.add(address.getAddress().getHostAddress() + ":" + address.getPort());
        }
        AddressPolicy policy = addressPolicy(allowed);
        HttpClients clients = closing("HTTP clients", HttpClients.create(send, policy));
        watch(clients.pools());
        return new RequestSender(
                clients,
                new HeaderRules(send.headerPrefix()),
                Set.copyOf(send.allowPorts()),
                version,
                System::nanoTime);
    }

    private void watch(ConnectionPools pools) {
        metrics.gauge("posthaste.connections.active", "Connections with a request", pools, ConnectionPools::active);
        metrics.gauge("posthaste.connections.idle", "Connections kept for the next", pools, ConnectionPools::idle);
        metrics.gauge("posthaste.connections.waiting", "Requests without one", pools, ConnectionPools::waiting);
        metrics.gauge(
                "posthaste.connections.waiting.most",
                "The same for the worst host",
                pools,
                ConnectionPools::mostWaiting);
    }

    private AddressPolicy addressPolicy(List<String> allowed) {
        try {
            return AddressPolicy.of(allowed, config.send().denyAddresses(), ownPorts());
        } catch (IllegalArgumentException e) {
            throw new ConfigException(List.of("send.allow-addresses, send.deny-addresses: " + e.getMessage()));
        }
    }

    /** Ports that a broad permission does not open: the API and the embedded Redis (SSRF-12). */
    private Set<Integer> ownPorts() {
        return config.redis().isEmbedded()
                ? Set.of(address.getPort(), config.redis().embedded().port())
                : Set.of(address.getPort());
    }

    private Liquid liquid() {
        GatewayConfig.Render render = config.render();
        Limits limits = Limits.DEFAULT.with(
                render.maxSourceBytes(), render.maxOutputBytes(), render.maxSteps(), render.deadline());
        return new Liquid(WebhookDialect.with(filters(render)), limits, clock, System::nanoTime, random);
    }

    private static Map<String, Filter> filters(GatewayConfig.Render render) {
        FilterPlugins.Loaded plugins = FilterPlugins.load(render.filters(), render.filterJars());
        if (!plugins.problems().isEmpty()) {
            throw new ConfigException(plugins.problems().stream()
                    .map(problem -> "render.filters: " + problem)
                    .toList());
        }
        return plugins.filters();
    }

    private RequestRenderer renderer(Liquid liquid, Vault vault) {
        GatewayConfig.Render render = config.render();
        TemplateCache templates = new TemplateCache(liquid, render.cacheBytes());
        metrics.gauge("posthaste.templates", "Compiled templates at hand", templates, TemplateCache::size);
        return new RequestRenderer(templates, vault::secret, vault::snippet, clock, render.maxOutputBytes());
    }

    private RequestSigner signer(Supplier<SigningKeys> keys) {
        return new RequestSigner(keys, clock, config.send().headerPrefix());
    }

    private void sendTestsWith(RequestSigner signer, RequestSender sender) {
        tests.complete((action, request, id, key) -> {
            SignedRequest signed = signer.sign(id, key, request, action.signatures());
            return sender.send(signed, action.retry().timeout()).map(reply -> new TestSender.Sent(signed, reply));
        });
    }

    private DeliveryPipeline pipeline(
            RedisJobQueue queue,
            RequestSigner signer,
            ActionLookup lookup,
            RequestRenderer renderer,
            RequestSender sender,
            Settling settling) {
        metrics.gauge("posthaste.hosts", "Hosts with attempts in flight or in trouble", hosts, HostLimits::hosts);
        metrics.gauge(
                "posthaste.hosts.held.back",
                "Hosts in trouble, with fewer places",
                hosts,
                h -> h.heldBack().size());
        return new DeliveryPipeline(
                new DeliveryPipeline.Stages(
                        new Preparation(queue, lookup, renderer, sender, clock),
                        hosts,
                        signer,
                        sender,
                        new ReplyClassifier(new RetrySchedule(
                                new Random(random.nextLong()),
                                RetrySchedule.JITTER,
                                config.time().scale())),
                        settling),
                clock);
    }

    private DeliveryLoop.Settings loopSettings() {
        return new DeliveryLoop.Settings(
                config.send().maxInFlight(),
                config.queue().batch(),
                config.queue().idlePoll());
    }

    /** Every slot may hold a lease that waits for a worker, never more: the loop claims by free slots. */
    private int queuedBatches() {
        return config.send().maxInFlight() + config.queue().batch();
    }

    private void drain(DeliveryLoop loop, RedisJobQueue queue) {
        boolean drained = loop.stop(config.queue().drainTimeout());
        if (!drained) {
            log.atWarn()
                    .addKeyValue("in_flight", loop.inFlight())
                    .addKeyValue("unsettled", queue.unsettled())
                    .log("gateway.drain_incomplete");
        }
    }

    /** Stops every part, the last started first; one that fails does not keep the others from stopping. */
    @Override
    public void close() {
        while (!stops.isEmpty()) {
            Stop stop = stops.pop();
            try {
                stop.action().close();
            } catch (Exception e) {
                log.atError().addKeyValue("part", stop.part()).setCause(e).log("gateway.stop_failed");
            }
        }
    }

    private <T extends AutoCloseable> T closing(String part, T value) {
        onStop(part, value);
        return value;
    }

    private void onStop(String part, AutoCloseable action) {
        stops.push(new Stop(part, action));
    }
}
