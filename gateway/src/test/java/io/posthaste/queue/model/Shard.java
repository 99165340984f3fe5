package io.posthaste.queue.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.posthaste.job.Lease;
import io.posthaste.job.Settlement;
import io.posthaste.queue.QueueScripts;
import io.posthaste.queue.Settled;
import io.posthaste.redis.RedisKeys;
import io.posthaste.testing.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** A shard on a real Redis, its scripts, and plain commands beside them. */
final class Shard implements AutoCloseable {
    static final RedisKeys KEYS = new RedisKeys("0");
    static final List<String> LANES = List.of("a", "b", "c", "d", "e");
    static final int LANE_CAP = 4;
    /** Of a lane that was told nothing; one of the lengths leases come in. */
    static final Duration LONG_LEASE = Duration.ofSeconds(608);

    private static final List<String> SCRIPTS = List.of(
            "claim", "settle", "cancel", "redrive", "resend", "lane", "retain", "reconcile", "operation", "operate");

    private final RedisServer server;
    private final RedisClient client;
    private final QueueScripts scripts;
    private StatefulRedisConnection<byte[], byte[]> bytes;
    private StatefulRedisConnection<String, String> texts;

    /** @param mutate changes the text of a script; identity for the real ones */
    Shard(RedisServer server, UnaryOperator<String> mutate) {
        this.server = server;
        this.client = RedisClient.create(server.uri());
        Map<String, String> mutated =
                SCRIPTS.stream().collect(Collectors.toMap(name -> name, name -> mutate.apply(ScriptText.of(name))));
        this.scripts = new QueueScripts(KEYS, mutated, LONG_LEASE, LANE_CAP);
        this.bytes = client.connect(ByteArrayCodec.INSTANCE);
        this.texts = client.connect();
        redis().flushall();
        redis().hset(KEYS.meta(), "reports", "10000");
    }

    List<Lease> claim(int max) {
        return scripts.claim(bytes, max);
    }

    List<Settled> settle(List<Settlement> batch) {
        return scripts.settle(bytes, batch);
    }

    Object run(String script, Object... arguments) {
        return scripts.run(bytes, script, arguments);
    }

    RedisCommands<String, String> redis() {
        return texts.sync();
    }

    List<byte[]> sentBlocks() {
        return bytes.sync().lrange(KEYS.history("sent").getBytes(UTF_8), 0, -1);
    }

    /** The entries of what lives, by id. */
    Map<String, String> entries() {
        return new TreeMap<>(redis().hgetall(KEYS.ids()));
    }

    long now() {
        return Long.parseLong(redis().time().getFirst()) * 1_000;
    }

    ShardAudit audit() {
        return ShardAudit.of(bytes.sync(), KEYS, LANE_CAP);
    }

    ShardDump dump() {
        return ShardDump.of(bytes.sync(), KEYS);
    }

    void unchanged(ShardDump before, String deed) {
        List<String> changed = before.changed(dump());
        Check.that(changed.isEmpty(), deed + " changed " + changed);
    }

    /** {@code kill -9} and start. */
    void crash() {
        bytes.close();
        texts.close();
        server.restart();
        bytes = client.connect(ByteArrayCodec.INSTANCE);
        texts = client.connect();
    }

    @Override
    public void close() {
        bytes.close();
        texts.close();
        client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
    }
}
