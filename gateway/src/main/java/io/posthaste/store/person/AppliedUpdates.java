package io.posthaste.store.person;

import io.lettuce.core.protocol.CommandType;
import io.posthaste.job.AppliedUpdate;
import io.posthaste.job.Attempt;
import io.posthaste.job.Lease;
import io.posthaste.job.Person;
import io.posthaste.redis.DurableWrites;
import io.posthaste.redis.LuaScript;
import io.posthaste.redis.RedisConnections;
import io.posthaste.redis.RedisKeys;
import io.posthaste.redis.RedisLink;
import io.posthaste.redis.Shards;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
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
    private final Shards shards;
    private final boolean cluster;
    private final LuaScript apply = LuaScript.load("store/apply.lua");

    public AppliedUpdates(RedisConnections redis, Shards shards) {
        this.durable = redis.durable();
        this.redis = durable.link();
        this.shards = shards;
        this.cluster = redis.isCluster();
    }

    /** Whether the person's shard is another than that of the delivery. */
    public boolean isRemote(Lease lease, String person) {
        return !shards.at(person).tag().equals(lease.hold().shard());
    }

    /**
     * Stores the person, once for each delivery.
     *
     * @return what is remembered by now, of this update or of an earlier one; empty when somebody changed the person since
     */
    public Mono<AppliedUpdate> apply(Lease lease, Person person, AppliedUpdate what) {
        RedisKeys shard = shards.at(person.id());
        List<byte[]> arguments = List.of(
                bytes(person.id()),
                bytes(delivery(lease)),
                bytes(Long.toString(person.version())),
                person.attributes(),
                encode(what),
                bytes(Long.toString(REMEMBERED.toSeconds())));
        // The settlement follows on another server: it must not outlive what it tells of.
        return Mono.fromCompletionStage(() -> apply.run(redis, bytes(shard.prefix()), arguments))
                .delayUntil(applied -> Mono.fromCompletionStage(() -> durable.replicated(shard.prefix())))
                .map(AppliedUpdates::decode);
    }

    /** What is remembered of the delivery; empty when nothing was set for it, or it is settled. */
    public Mono<AppliedUpdate> find(Lease lease, String person) {
        return Mono.fromCompletionStage(() -> redis.send(CommandType.GET, mark(lease, person)))
                .map(AppliedUpdates::decode);
    }

    public Mono<Void> forget(Lease lease, String person) {
        String mark = mark(lease, person);
        return Mono.fromCompletionStage(() -> cluster
                        ? redis.send(CommandType.EXPIRE, mark, REMEMBERED_STILL.toSeconds())
                        : redis.send(CommandType.DEL, mark))
                .then();
    }

    private String mark(Lease lease, String person) {
        return shards.at(person).applied(delivery(lease));
    }

    private static String delivery(Lease lease) {
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

    private static AppliedUpdate decode(Object mark) {
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
