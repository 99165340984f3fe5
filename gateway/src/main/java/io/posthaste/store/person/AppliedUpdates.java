package io.posthaste.store.person;

import io.lettuce.core.protocol.CommandType;
import io.posthaste.job.AppliedUpdate;
import io.posthaste.job.Applying;
import io.posthaste.job.Attempt;
import io.posthaste.job.Lease;
import io.posthaste.job.Person;
import io.posthaste.redis.DurableWrites;
import io.posthaste.redis.LuaScript;
import io.posthaste.redis.RedisConnections;
import io.posthaste.redis.RedisKeys;
import io.posthaste.redis.RedisLink;
import io.posthaste.redis.layout.Layout;
import io.posthaste.redis.layout.Layouts;
import io.posthaste.redis.layout.Phase;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What deliveries on other shards set on people, with a mark for each delivery beside the person. */
public final class AppliedUpdates {
    /** Longer than a lease, and an outage: a mark is needed from the update until the delivery is settled. */
    private static final Duration REMEMBERED = Duration.ofDays(1);

    /** Of a mark: the attempt in figures; what was set comes after them. */
    private static final int FIGURES = Integer.BYTES + Long.BYTES + Integer.BYTES + Long.BYTES;

    /** After the settlement: a primary that dies may take that with it, and another claim asks what was set. */
    private static final Duration REMEMBERED_STILL = Duration.ofMinutes(2);

    private final DurableWrites durable;
    private final RedisLink redis;
    private final PersonHomes homes;
    private final Layouts layouts;
    private final boolean cluster;
    private final LuaScript apply = LuaScript.load("store/apply.lua");

    public AppliedUpdates(RedisConnections redis, Layouts layouts) {
        this.durable = redis.durable();
        this.redis = durable.link();
        this.homes = new PersonHomes(durable.link(), layouts);
        this.layouts = layouts;
        this.cluster = redis.isCluster();
    }

    /**
     * Whether what a delivery sets on a person cannot be a part of its settlement: their shard is another than that of the
     * delivery, or about to be, or was until now.
     */
    public boolean isRemote(Lease lease, String person) {
        Layout layout = layouts.now();
        return !isOn(lease, layout.now().at(person))
                || (layout.phase().compareTo(Phase.HOLDING) > 0 && layout.changes(person));
    }

    private static boolean isOn(Lease lease, RedisKeys shard) {
        return shard.tag().equals(lease.hold().shard());
    }

    /** All that is done for one delivery: while it is under way, no change of the layout goes on to the next phase but one. */
    public <T> Mono<T> during(Mono<T> update) {
        return layouts.using(layout -> update);
    }

    /** Stores the person, once for each delivery, while its lease lasts. */
    public Mono<Applying> apply(Lease lease, Person person, AppliedUpdate what) {
        List<byte[]> arguments = arguments(lease, person, what);
        // The settlement follows on another server: it must not outlive what it tells of.
        return homes.at(
                        person.id(),
                        (layout, shard) -> earlier(layout, shard, lease, person.id())
                                .switchIfEmpty(Mono.fromCompletionStage(
                                        () -> apply.run(redis, bytes(shard.prefix()), arguments)))
                                .delayUntil(
                                        applied -> Mono.fromCompletionStage(() -> durable.replicated(shard.prefix()))))
                .map(AppliedUpdates::applying)
                .defaultIfEmpty(new Applying.Outdated());
    }

    static List<byte[]> arguments(Lease lease, Person person, AppliedUpdate what) {
        return List.of(
                bytes(person.id()),
                bytes(delivery(lease)),
                bytes(Long.toString(person.version())),
                person.attributes(),
                encode(what),
                bytes(Long.toString(REMEMBERED.toSeconds())),
                bytes(Long.toString(lease.hold().token())));
    }

    static Applying applying(@Nullable Object reply) {
        if (reply == null) {
            return new Applying.Outdated();
        }
        return reply instanceof Long ? new Applying.TooLate() : new Applying.Applied(decode(reply));
    }

    /** The mark that was left on the shard that the person was on before: it is not added to once they left. */
    private Mono<Object> earlier(Layout layout, RedisKeys shard, Lease lease, String person) {
        RedisKeys before = layout.from().at(person);
        return layout.isChanging() && !before.equals(shard) ? mark(before, lease) : Mono.empty();
    }

    /** What is remembered of the delivery; empty when nothing was set for it apart from its settlement, or it is settled. */
    public Mono<AppliedUpdate> find(Lease lease, String person) {
        return Flux.fromIterable(places(person))
                .concatMap(shard -> mark(shard, lease), 1)
                .next()
                .map(AppliedUpdates::decode);
    }

    /**
     * It is settled.
     *
     * @param alone whether nobody else can have a claim of the delivery; otherwise the mark stays until the lease is over
     *     that somebody may have had when it was settled
     */
    public Mono<Void> forget(Lease lease, String person, boolean alone) {
        long seconds = Math.max(
                cluster ? REMEMBERED_STILL.toSeconds() : 0,
                alone ? 0 : lease.hold().length().toSeconds());
        return Flux.fromIterable(places(person))
                .map(shard -> shard.applied(delivery(lease)))
                .concatMap(mark -> Mono.fromCompletionStage(() -> seconds > 0
                        ? redis.send(CommandType.EXPIRE, mark, seconds)
                        : redis.send(CommandType.DEL, mark)))
                .then();
    }

    /** Where a mark may be: beside the person, or where they were before the last change. */
    private Set<RedisKeys> places(String person) {
        Layout layout = layouts.now();
        return new LinkedHashSet<>(List.of(layout.to().at(person), layout.from().at(person)));
    }

    private Mono<Object> mark(RedisKeys shard, Lease lease) {
        return Mono.fromCompletionStage(() -> redis.send(CommandType.GET, shard.applied(delivery(lease))));
    }

    static String delivery(Lease lease) {
        return lease.hold().shard() + ":" + lease.hold().entry();
    }

    private static byte[] encode(AppliedUpdate what) {
        Attempt attempt = what.attempt();
        return ByteBuffer.allocate(FIGURES + what.set().length)
                .putInt(attempt.number())
                .putLong(attempt.startedAtMillis())
                .putInt(attempt.status())
                .putLong(attempt.elapsedMillis())
                .put(what.set())
                .array();
    }

    static AppliedUpdate decode(Object mark) {
        ByteBuffer in = ByteBuffer.wrap((byte[]) mark);
        Attempt attempt = new Attempt(in.getInt(), in.getLong(), in.getInt(), in.getLong(), "", "");
        byte[] set = new byte[in.remaining()];
        in.get(set);
        return new AppliedUpdate(attempt, set);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
