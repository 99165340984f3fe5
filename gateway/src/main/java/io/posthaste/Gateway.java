package io.posthaste;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.posthaste.action.RetryPolicy;
import io.posthaste.classify.ReplyClassifier;
import io.posthaste.classify.RetrySchedule;
import io.posthaste.config.GatewayConfig;
import io.posthaste.deliver.ActionLookup;
import io.posthaste.deliver.DeliveryLoop;
import io.posthaste.deliver.DeliveryPipeline;
import io.posthaste.deliver.HostLimits;
import io.posthaste.deliver.Preparation;
import io.posthaste.deliver.Progress;
import io.posthaste.deliver.Settling;
import io.posthaste.liquid.Limits;
import io.posthaste.liquid.Liquid;
import io.posthaste.metrics.DeliveryMetrics;
import io.posthaste.queue.QueueSettings;
import io.posthaste.queue.RedisJobQueue;
import io.posthaste.redis.EmbeddedRedis;
import io.posthaste.redis.RedisConnections;
import io.posthaste.render.RenderWorkers;
import io.posthaste.render.RequestRenderer;
import io.posthaste.render.TemplateCache;
import io.posthaste.render.WebhookDialect;
import io.posthaste.send.AddressPolicy;
import io.posthaste.send.HeaderRules;
import io.posthaste.send.HttpClients;
import io.posthaste.send.RequestSender;
import io.posthaste.sign.RequestSigner;
import io.posthaste.sign.SigningKeys;
import io.posthaste.store.ActionCodec;
import io.posthaste.store.ActionStore;
import io.posthaste.store.Actions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

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
    private final Deque<Stop> stops = new ArrayDeque<>();

    private record Stop(String part, AutoCloseable action) {}

    private Gateway(GatewayConfig config, String version) {
        this.config = config;
        this.version = version;
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
        SigningKeys keys = SigningKeys.load(config.keys(), random);
        RedisConnections redis = connect(searchPath);
        RenderWorkers workers =
                closing("render workers", new RenderWorkers(config.render().threads(), queuedBatches()));
        Actions actions = actions(redis);
        RedisJobQueue queue =
                new RedisJobQueue(redis, QueueSettings.of(config, RetryPolicy.LONGEST_TIMEOUT), clock, timer, random);
        RequestSender sender = sender();
        DeliveryPipeline pipeline = pipeline(keys, actions, workers, queue, sender);
        DeliveryLoop loop = new DeliveryLoop(queue, pipeline, workers::execute, metrics, progress, loopSettings());
        onStop("delivery loop", () -> drain(loop, queue));
        loop.start();
    }

    private RedisConnections connect(String searchPath) {
        String uri = config.redis().uri();
        if (config.redis().isEmbedded()) {
            uri = closing("embedded Redis", EmbeddedRedis.start(config.redis().embedded(), searchPath))
                    .uri();
        }
        return closing(
                "Redis connections", RedisConnections.open(uri, config.redis().commandTimeout()));
    }

    private Actions actions(RedisConnections redis) {
        Actions actions = new Actions(new ActionStore(redis.admin(), new ActionCodec()), timer, System::nanoTime);
        onStop("actions", actions::stop);
        actions.start();
        return actions;
    }

    private RequestSender sender() {
        GatewayConfig.Send send = config.send();
        AddressPolicy policy = AddressPolicy.of(send.allowAddresses(), send.denyAddresses(), List.of());
        HttpClients clients = closing("HTTP clients", HttpClients.create(send, policy));
        return new RequestSender(
                clients,
                new HeaderRules(send.headerPrefix()),
                Set.copyOf(send.allowPorts()),
                version,
                System::nanoTime);
    }

    private RequestRenderer renderer() {
        GatewayConfig.Render render = config.render();
        Limits limits = Limits.DEFAULT.with(
                render.maxSourceBytes(), render.maxOutputBytes(), render.maxSteps(), render.deadline());
        Liquid liquid = new Liquid(WebhookDialect.with(Map.of()), limits, clock, System::nanoTime, random);
        TemplateCache templates = new TemplateCache(liquid, render.cacheBytes());
        return new RequestRenderer(templates, name -> null, name -> null, clock, render.maxOutputBytes());
    }

    private DeliveryPipeline pipeline(
            SigningKeys keys, Actions actions, RenderWorkers workers, RedisJobQueue queue, RequestSender sender) {
        ActionLookup lookup = new ActionLookup(actions, new ActionCodec(), Schedulers.fromExecutor(workers::execute));
        HostLimits hosts = new HostLimits(config.send().maxInFlightPerHost());
        metrics.gauge("posthaste.hosts", "Hosts with attempts in flight", hosts, HostLimits::hosts);
        return new DeliveryPipeline(
                new DeliveryPipeline.Stages(
                        new Preparation(lookup, renderer(), sender, clock),
                        hosts,
                        new RequestSigner(() -> keys, clock, config.send().headerPrefix()),
                        sender,
                        new ReplyClassifier(new RetrySchedule(
                                random, RetrySchedule.JITTER, config.time().scale())),
                        new Settling(queue, metrics, progress, clock)),
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
