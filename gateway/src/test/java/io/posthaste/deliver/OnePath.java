package io.posthaste.deliver;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.posthaste.action.Action;
import io.posthaste.classify.ReplyClassifier;
import io.posthaste.classify.RetrySchedule;
import io.posthaste.config.GatewayConfig;
import io.posthaste.deliver.limit.HostGate;
import io.posthaste.deliver.limit.HostLimits;
import io.posthaste.deliver.limit.RateLimits;
import io.posthaste.deliver.limit.Slots;
import io.posthaste.job.AppliedUpdate;
import io.posthaste.job.Applying;
import io.posthaste.job.Job;
import io.posthaste.job.Lease;
import io.posthaste.job.Person;
import io.posthaste.liquid.Liquid;
import io.posthaste.liquid.parse.Limits;
import io.posthaste.metrics.ActionTally;
import io.posthaste.metrics.Activity;
import io.posthaste.metrics.DeliveryMetrics;
import io.posthaste.queue.Assignment;
import io.posthaste.queue.InMemoryJobQueue;
import io.posthaste.queue.JobQueues;
import io.posthaste.queue.Settled;
import io.posthaste.redact.Redaction;
import io.posthaste.render.AttributeRenderer;
import io.posthaste.render.LookUps;
import io.posthaste.render.RequestRenderer;
import io.posthaste.render.TemplateCache;
import io.posthaste.render.WebhookDialect;
import io.posthaste.send.HeaderRules;
import io.posthaste.send.HttpClients;
import io.posthaste.send.RequestSender;
import io.posthaste.send.address.AddressPolicy;
import io.posthaste.sign.RequestSigner;
import io.posthaste.sign.SigningKey;
import io.posthaste.sign.SigningKeys;
import io.posthaste.store.StoreOutage;
import io.posthaste.store.action.ActionCodec;
import io.posthaste.testing.ManualClock;
import io.posthaste.testing.SendSettings;
import io.posthaste.trace.Traces;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The path of a job with real sockets, a queue in memory, and a clock that stands still. */
final class OnePath implements AutoCloseable {
    /** For a keyspace of one shard. */
    private static final RemotePeople NOBODY = new RemotePeople() {
        @Override
        public boolean isRemote(Lease lease, String person) {
            return false;
        }

        @Override
        public Mono<Applying> apply(Lease lease, Person person, AppliedUpdate what) {
            return Mono.error(new IllegalStateException("one shard has everybody"));
        }

        @Override
        public Mono<AppliedUpdate> applied(Lease lease, String person) {
            return Mono.empty();
        }

        @Override
        public Mono<Void> forget(Lease lease, String person, boolean alone) {
            return Mono.empty();
        }
    };

    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final GatewayConfig.Send SEND = SendSettings.toLoopback(100, 4, 4);

    final ManualClock clock = new ManualClock(Instant.parse("2026-05-01T12:00:00Z"));
    final InMemoryJobQueue queue = new InMemoryJobQueue(clock, Duration.ofSeconds(30), Duration.ofSeconds(15));
    final HostLimits hosts = new HostLimits(100, 4, 4_000_000, this::nanoTime);
    final RateLimits rates = new RateLimits(new NoLimits(), this::nanoTime, Schedulers.immediate());
    final Slots slots = new Slots(100, 4_000_000, 1_000_000);
    final DeliveryPipeline pipeline;

    private final HttpClients clients = HttpClients.create(
            SEND, AddressPolicy.of(SEND.allowAddresses(), List.of(), List.of()), HttpClients.Egress.DIRECT);
    /** Whether actions that are not at hand can be asked for. */
    boolean redisAnswers = true;

    private final Map<String, Action> actions = new HashMap<>();

    /** As a gateway with which nobody has limited a host. */
    private static final class NoLimits implements RateLimits.Source {
        @Override
        public RateLimits.@Nullable Limit limitOf(String hostKey) {
            return null;
        }

        @Override
        public RateLimits.@Nullable Limit limitNamed(String name) {
            return null;
        }

        @Override
        public Mono<RateLimits.Grant> lease(RateLimits.Limit limit, int wanted) {
            return Mono.empty();
        }
    }

    OnePath() {
        this(() -> SigningKeys.only(SigningKey.of("a secret of thirty-two characters")));
    }

    OnePath(RemotePeople remote) {
        this(() -> SigningKeys.only(SigningKey.of("a secret of thirty-two characters")), remote);
    }

    OnePath(Supplier<SigningKeys> keys) {
        this(keys, NOBODY);
    }

    private OnePath(Supplier<SigningKeys> keys, RemotePeople remote) {
        Random random = new Random(7);
        Progress progress = new Progress(this::nanoTime, Duration.ofSeconds(5));
        RequestSender sender = new RequestSender(clients, new HeaderRules("X-CIO-"), Set.of(), "1", System::nanoTime);
        JobQueues queues = new JobQueues(Map.of("0", queue), () -> Assignment.ALONE);
        Settling settling = new Settling(
                queues,
                new Settling.Counts(
                        new DeliveryMetrics(new SimpleMeterRegistry()), Traces.NONE, new Activity(), new ActionTally()),
                progress,
                clock,
                (job, request, outcome) -> null,
                true);
        PersonLookup people = new PersonLookup(id -> Mono.just(Person.unknown(id)), Schedulers.immediate());
        TemplateCache templates = new TemplateCache(
                new Liquid(WebhookDialect.with(Map.of()), Limits.DEFAULT, clock, () -> 0, random), 1 << 20);
        this.pipeline = new DeliveryPipeline(
                new DeliveryPipeline.Stages(
                        new ActionLookup(
                                id -> Optional.ofNullable(actions.get(id)),
                                id -> redisAnswers
                                        ? Mono.empty()
                                        : Mono.error(new StoreOutage(new IllegalStateException("no Redis"))),
                                new ActionCodec(),
                                job -> false,
                                Schedulers.immediate()),
                        new Admission(queues, sender, new HostGate(hosts, rates), clock),
                        new RequestMaking(
                                people,
                                new RequestRenderer(
                                        templates,
                                        new LookUps(name -> null, name -> null, url -> null),
                                        clock,
                                        1 << 20),
                                sender),
                        new RequestSigner(keys, clock, "X-CIO-"),
                        new DeliveryPipeline.Stages.Sending(
                                new HostGate(hosts, rates),
                                sender,
                                new ReplyClassifier(new RetrySchedule(random, 0, 1)),
                                new AttemptStory("here", AttemptStory.Kept.ALL, new Redaction(List.of()))),
                        new DeliveryPipeline.Stages.Ending(
                                new PersonUpdates(
                                        people,
                                        remote,
                                        new AttributeRenderer(templates, name -> null, clock),
                                        settling,
                                        new PersonUpdates.Surroundings(
                                                Schedulers.immediate(), Schedulers.parallel(), clock, random)),
                                settling,
                                LanePauses.NONE,
                                Traces.NONE)),
                clock);
    }

    /** Stores an action that posts {@code {{ n }}} there. */
    void action(String id, String url, String... fields) {
        StringBuilder json =
                new StringBuilder("{\"name\":\"a\",\"method\":\"POST\",\"url\":\"" + url + "\",\"body\":\"{{ n }}\"");
        for (int i = 0; i < fields.length; i += 2) {
            json.append(",\"").append(fields[i]).append("\":").append(fields[i + 1]);
        }
        byte[] definition = json.append('}').toString().getBytes(StandardCharsets.UTF_8);
        actions.put(id, new ActionCodec().inline(id, definition));
    }

    void enqueue(String id, @Nullable String action) {
        byte[] data = "{\"n\":1,\"customer\":{\"id\":\"ada\"}}".getBytes(StandardCharsets.UTF_8);
        queue.add(new Job(id, "lane", action, null, data, Job.Terms.of(id), clock.millis()));
    }

    /** Claims what is due, one at a time, and delivers it; how many there were. */
    int deliverDue() {
        int delivered = 0;
        for (Flight flight = claim(); flight != null; flight = claim()) {
            deliver(flight).block(WAIT);
            delivered++;
        }
        return delivered;
    }

    @Nullable
    Flight claim() {
        List<Lease> leases = queue.claim(1).map(claim -> claim.leases()).block(WAIT);
        if (leases == null || leases.isEmpty()) {
            return null;
        }
        Lease lease = leases.getFirst();
        return new Flight(lease, slots.take(lease), Instant.EPOCH);
    }

    /** As the loop does it: the slot comes back whatever happens. */
    Mono<Settled> deliver(Flight flight) {
        return pipeline.deliver(flight).doOnTerminate(flight.permit()::giveBack);
    }

    private long nanoTime() {
        return clock.millis() * 1_000_000;
    }

    @Override
    public void close() {
        clients.close();
    }
}
