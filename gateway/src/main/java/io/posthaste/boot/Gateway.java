package io.posthaste.boot;

import io.posthaste.action.Action;
import io.posthaste.action.RetryPolicy;
import io.posthaste.api.live.Insight;
import io.posthaste.api.live.Readiness;
import io.posthaste.api.port.Backends;
import io.posthaste.api.port.TestSender;
import io.posthaste.config.Capacity;
import io.posthaste.config.GatewayConfig;
import io.posthaste.deliver.AttemptStory;
import io.posthaste.deliver.Progress;
import io.posthaste.deliver.RedisWatch;
import io.posthaste.deliver.Settling;
import io.posthaste.deliver.limit.HostLimits;
import io.posthaste.host.HostWatch;
import io.posthaste.job.RenderedRequest;
import io.posthaste.job.SignedRequest;
import io.posthaste.liquid.Liquid;
import io.posthaste.metrics.ActionTally;
import io.posthaste.metrics.Activity;
import io.posthaste.metrics.DeliveryMetrics;
import io.posthaste.metrics.LogSettings;
import io.posthaste.metrics.ProcessMetrics;
import io.posthaste.queue.JobQueues;
import io.posthaste.queue.QueueSettings;
import io.posthaste.queue.Writability;
import io.posthaste.queue.upkeep.ActionFigures;
import io.posthaste.queue.upkeep.Membership;
import io.posthaste.redact.Redaction;
import io.posthaste.seal.InlineGrants;
import io.posthaste.send.AnswerRoom;
import io.posthaste.send.RequestSender;
import io.posthaste.sign.RequestSigner;
import io.posthaste.store.audit.AuditStore;
import io.posthaste.store.person.AppliedUpdates;
import io.posthaste.store.vault.KeyKind;
import io.posthaste.trace.OpenTelemetryTraces;
import io.posthaste.trace.Traces;
import java.net.InetSocketAddress;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
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
    private final RandomGenerator random = seededRandom();
    private final Scheduler timer = Schedulers.newSingle("posthaste-timer", true);
    private final Progress progress = new Progress(System::nanoTime, STANDSTILL);
    private final Traces traces;
    private final Meters meters;
    private final DeliveryMetrics metrics;
    private final Activity activity = new Activity();
    private final ActionTally tally = new ActionTally();
    private final HostLimits hosts;
    private final CompletableFuture<TestSender> tests = new CompletableFuture<>();
    private final Lifecycle lifecycle = new Lifecycle();
    private final Foundation foundation;

    private InetSocketAddress address = InetSocketAddress.createUnresolved("not-bound", 0);

    private Gateway(GatewayConfig config, String version, Map<String, String> environment) {
        this.config = config;
        this.version = version;
        this.traces = traces(environment);
        this.meters = Meters.create(environment, version, traces, lifecycle);
        this.metrics = new DeliveryMetrics(meters.registry());
        this.foundation = new Foundation(config, clock, random, timer, meters.registry(), metrics, lifecycle);
        this.hosts = DeliveryWiring.hosts(config);
    }

    /** Starts a gateway; blocks until it takes jobs. What cannot work ends in one clear exception and nothing left running. */
    public static Gateway start(GatewayConfig config, String version, Map<String, String> environment) {
        if (config.log().format().equals("json")) {
            LogSettings.useJson();
        }
        LogSettings.setLevel(config.log().level());
        Capacity capacity = Capacity.of(config);
        tell(capacity);
        Gateway gateway = new Gateway(capacity.config(), version, environment);
        try {
            gateway.startAll(environment);
            return gateway;
        } catch (RuntimeException e) {
            gateway.close();
            throw e;
        }
    }

    private static void tell(Capacity capacity) {
        boolean scarce = capacity.bound() == Capacity.Bound.DESCRIPTORS;
        var line = (scarce ? log.atWarn() : log.atInfo())
                .addKeyValue("in_flight", capacity.places())
                .addKeyValue("bounded_by", capacity.bound())
                .addKeyValue("open_files", capacity.descriptors());
        (scarce ? line.addKeyValue("fix", "raise the limit of open files (ulimit -n)") : line).log("gateway.capacity");
    }

    private void startAll(Map<String, String> environment) {
        Stores stores = Stores.open(foundation, RedisWiring.connect(foundation, environment.getOrDefault("PATH", "")));
        QueueSettings settings = QueueSettings.of(config, RetryPolicy.LONGEST_TIMEOUT);
        QueueWiring queue = new QueueWiring(
                foundation, stores.opened(), settings, stores.keys().sealer());
        RateWiring rates = RateWiring.start(foundation, stores.redis(), stores.layouts());
        ReportWiring reporting =
                new ReportWiring(foundation, stores.redis(), stores.layouts().now());
        stores.layouts().follow(queue::serve);
        stores.layouts().follow(reporting::serve);
        ProcessMetrics.showReady(meters.registry(), () -> progress.standstill().isEmpty());
        ActionFigures figures =
                lifecycle.closing("figures", new ActionFigures(stores.redis(), queue.eachShard(), tally, timer));
        figures.start();
        InlineGrants grants = new InlineGrants(stores.keys().sealer());
        Backends backends = stores.backends(rates, reporting, queued(queue, figures, grants), this::sendTest);
        WatchWiring watch = WatchWiring.start(
                foundation, stores.redis(), queue, figures, stores.keys().vault(), hosts);
        address = admin(
                backends,
                stores.rendering().liquid(),
                watch,
                queue.membership(),
                new AuditStore(stores.redis().admin()));
        deliver(queue, stores.keys(), reporting, delivery(stores, queue, rates, grants), watch.hosts());
        Writability writability =
                new Writability(stores.redis(), queue.eachShard().getFirst(), timer);
        lifecycle
                .closing("Redis watch", new RedisWatch(writability, progress, timer))
                .start();
        queue.keepRight();
        queue.reshape(stores.store());
    }

    private static Backends.Queue queued(QueueWiring queue, ActionFigures figures, InlineGrants grants) {
        return new Backends.Queue(
                queue.deliveries(), queue.operations(), queue.erasure(), figures, grants::give, queue.shardCount());
    }

    private DeliveryWiring delivery(Stores stores, QueueWiring queue, RateWiring rates, InlineGrants grants) {
        return new DeliveryWiring(
                foundation,
                stores.rendering(),
                stores.actions(),
                stores.people(),
                new PeopleOnShards(new AppliedUpdates(stores.redis(), stores.layouts())),
                hosts,
                rates.limits(stores.rendering().scheduler()),
                progress,
                grants,
                queue.deliveries()::pause,
                story(queue.gateway()),
                traces);
    }

    /** Of the standard variables; without an endpoint none are made, and nothing of it is loaded. */
    private Traces traces(Map<String, String> environment) {
        return OpenTelemetryTraces.isWanted(environment)
                ? lifecycle.closing("traces", OpenTelemetryTraces.create(environment, version))
                : Traces.NONE;
    }

    private AttemptStory story(String name) {
        AttemptStory.Kept kept =
                AttemptStory.Kept.valueOf(config.history().exchanges().toUpperCase(Locale.ROOT));
        return new AttemptStory(name, kept, new Redaction(config.admin().maskedNames()));
    }

    private void deliver(
            QueueWiring queue, KeyWiring keys, ReportWiring reporting, DeliveryWiring delivery, HostWatch watch) {
        JobQueues queues = queue.queues();
        RequestSender sender = SendWiring.sender(foundation, version, address, keys.vault()::connection);
        RequestSigner signer = keys.signer(KeyKind.ACTION);
        sendTestsWith(signer, sender);
        watch.watches(sender);
        Settling settling = new Settling(
                queues,
                new Settling.Counts(metrics, traces, activity, tally),
                progress,
                clock,
                reporting.details(sender, keys.vault())::of,
                config.history().customers());
        delivery.start(queues, signer, sender, settling);
        reporting.start(keys.signer(KeyKind.REPORTING), sender, queue);
    }

    /** Seeded once and computing from then on: the platform's default reads a device, which an event loop must not. */
    private static RandomGenerator seededRandom() {
        try {
            SecureRandom random = SecureRandom.getInstance("DRBG");
            random.nextInt();
            return random;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has DRBG", e);
        }
    }

    /** Where the HTTP API listens. */
    public InetSocketAddress address() {
        return address;
    }

    private InetSocketAddress admin(
            Backends backends, Liquid liquid, WatchWiring watch, Membership membership, AuditStore audit) {
        Insight insight = new Insight(
                this::readiness,
                meters.page()::read,
                config.egress().ipAddresses(),
                activity,
                watch.depth()::latest,
                hosts::limiting,
                membership.self(),
                membership::gateways,
                watch.alerts()::latest,
                watch.doctor()::findings,
                watch.hosts()::seen);
        return ApiWiring.start(foundation, backends, liquid, insight, audit);
    }

    private Readiness readiness() {
        return progress.standstill().map(why -> new Readiness(false, why)).orElse(new Readiness(true, ""));
    }

    /** The API listens before there is a sender, which must know the port of the API. */
    private Mono<TestSender.Sent> sendTest(Action action, RenderedRequest request, String id, String key) {
        return Mono.fromFuture(tests, true).flatMap(sender -> sender.send(action, request, id, key));
    }

    private void sendTestsWith(RequestSigner signer, RequestSender sender) {
        tests.complete((action, request, id, key) -> {
            SignedRequest signed = signer.sign(id, key, request, action.signatures());
            RequestSender.Terms terms =
                    new RequestSender.Terms(action.retry().timeout(), AnswerRoom.UNCOUNTED, action.connection());
            return sender.send(signed, terms).map(reply -> new TestSender.Sent(signed, reply));
        });
    }

    /** Stops every part, the last started first. */
    @Override
    public void close() {
        lifecycle.close();
    }
}
