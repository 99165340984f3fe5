package io.posthaste.queue;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.posthaste.job.Lease;
import io.posthaste.job.Settlement;
import io.posthaste.queue.record.FrozenRequests;
import io.posthaste.redis.RedisKeys;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The scripts as the gateway calls them, whatever their text. */
public final class QueueScripts {
    private static final FrozenRequests REQUESTS = new FrozenRequests(RedisShard.SEALER);
    /** Where the script finds what a batch was sent as. */
    private static final String BLOCK = "new-model";

    private final RedisKeys keys;
    private final Map<String, String> texts;
    private final QueueSettings settings;
    private final SettlementEncoder encoder = new SettlementEncoder(REQUESTS, true);

    /**
     * @param texts of the scripts by name
     * @param lease of a lane that was told nothing
     */
    public QueueScripts(RedisKeys keys, Map<String, String> texts, Duration lease, int laneCap) {
        this.keys = keys;
        this.texts = texts;
        this.settings = RedisShard.settings(lease, laneCap);
    }

    public List<Lease> claim(StatefulRedisConnection<byte[], byte[]> redis, int max) {
        Object reply = run(redis, "claim", RedisJobQueue.claimArguments(settings, max));
        return new ClaimDecoder(keys.tag(), Instant.EPOCH, REQUESTS)
                .decode(reply)
                .leases();
    }

    public List<Settled> settle(StatefulRedisConnection<byte[], byte[]> redis, List<Settlement> batch) {
        List<byte[]> arguments = new ArrayList<>(RedisJobQueue.settleArguments(settings));
        List<SettlementEncoder.Encoded> encoded =
                batch.stream().map(encoder::encode).toList();
        arguments.add(BLOCK.getBytes(UTF_8));
        encoded.forEach(settlement -> arguments.addAll(settlement.arguments()));
        byte[] block = keys.requests(BLOCK).getBytes(UTF_8);
        List<byte[]> sentAs =
                encoded.stream().map(SettlementEncoder.Encoded::sentAs).toList();
        redis.sync().set(block, SentRequestWriter.join(sentAs));
        Object[] reply = (Object[]) run(redis, "settle", arguments);
        redis.sync().del(block);
        return Arrays.stream(reply).map(SettleBatcher::settled).toList();
    }

    /** Any of them, with the default limit of a lane in front of these arguments; many stand for themselves. */
    public Object run(StatefulRedisConnection<byte[], byte[]> redis, String name, Object... arguments) {
        return run(redis, name, ScriptRunner.texts(settings.leases().laneMaxInFlight(), arguments));
    }

    private Object run(StatefulRedisConnection<byte[], byte[]> redis, String name, List<byte[]> arguments) {
        try {
            return EvalReply.of(redis, texts.getOrDefault(name, ""), keys.prefix(), arguments);
        } catch (RedisException e) {
            throw new AssertionError(name + " failed: " + e.getMessage(), e);
        }
    }
}
