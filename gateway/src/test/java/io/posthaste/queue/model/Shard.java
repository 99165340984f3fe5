package io.posthaste.queue.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.api.sync.RedisCommands;
import io.posthaste.job.Lease;
import io.posthaste.job.Settlement;
import io.posthaste.queue.QueueScripts;
import io.posthaste.queue.Settled;
import io.posthaste.redis.RedisKeys;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** A shard on a real Redis, its scripts, and plain commands beside them. */
final class Shard {
    static final List<String> LANES = List.of("a", "b", "c", "d", "e");
    static final int LANE_CAP = 4;
    /** Of a lane that was told nothing; one of the lengths leases come in. */
    static final Duration LONG_LEASE = Duration.ofSeconds(608);

    private static final List<String> SCRIPTS = List.of(
            "claim", "settle", "cancel", "redrive", "resend", "lane", "retain", "reconcile", "operation", "operate");

    final RedisKeys keys;
    private final ModelRedis server;
    private final QueueScripts scripts;

    /** @param mutate changes the text of a script; identity for the real ones */
    Shard(ModelRedis server, RedisKeys keys, UnaryOperator<String> mutate) {
        this.server = server;
        this.keys = keys;
        Map<String, String> mutated = SCRIPTS.stream()
                .collect(Collectors.toMap(name -> name, name -> mutate.apply(ScriptText.of("queue/" + name))));
        this.scripts = new QueueScripts(keys, mutated, LONG_LEASE, LANE_CAP);
        redis().hset(keys.meta(), "reports", "10000");
    }

    List<Lease> claim(int max) {
        return scripts.claim(server.bytes(), max);
    }

    List<Settled> settle(List<Settlement> batch) {
        return scripts.settle(server.bytes(), batch);
    }

    Object run(String script, Object... arguments) {
        return scripts.run(server.bytes(), script, arguments);
    }

    RedisCommands<String, String> redis() {
        return server.texts();
    }

    List<byte[]> sentBlocks() {
        return server.bytes().sync().lrange(keys.history("sent").getBytes(UTF_8), 0, -1);
    }

    /** Whether a job of this id is not only in the inbox. */
    boolean isTakenIn(String id) {
        return entries().containsKey(id);
    }

    /** The entries of what lives, by id. */
    Map<String, String> entries() {
        return new TreeMap<>(redis().hgetall(keys.ids()));
    }

    long now() {
        return Long.parseLong(redis().time().getFirst()) * 1_000;
    }

    ShardAudit audit() {
        return ShardAudit.of(server.bytes().sync(), keys, LANE_CAP);
    }

    ShardDump dump() {
        return ShardDump.of(server.bytes().sync(), keys);
    }

    void unchanged(ShardDump before, String deed) {
        List<String> changed = before.changed(dump());
        Check.that(changed.isEmpty(), deed + " changed " + changed);
    }
}
