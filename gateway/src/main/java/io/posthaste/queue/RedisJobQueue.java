package io.posthaste.queue;

import io.posthaste.job.Outcome;
import io.posthaste.job.Settlement;
import io.posthaste.queue.record.Bytes;
import io.posthaste.queue.record.FrozenRequests;
import io.posthaste.redis.LuaScript;
import io.posthaste.redis.RedisConnections;
import io.posthaste.redis.RedisKeys;
import io.posthaste.redis.RedisLink;
import io.posthaste.seal.Sealer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The queue on one shard: every state change is one script, which is all or nothing and safe to repeat. The time that
 * decides is Redis' own.
 */
public final class RedisJobQueue implements JobQueue {
    private static final Logger LOG = LoggerFactory.getLogger(RedisJobQueue.class);

    private static final int MAX_CLAIM_BYTES = 4 << 20;
    private static final int MAX_DATA_BYTES = 256 << 10;
    /** Inbox entries one claim sorts into lanes: what bounds its time in Redis to a few milliseconds. */
    private static final int INTAKE = 1_024;

    private static final int RECLAIMS = 64;
    private static final int TURN = 16;
    private static final Duration RECLAIM_SPREAD = Duration.ofSeconds(5);

    private final LuaScript claim;
    private final LuaScript lengthen;
    private final ScriptRunner lanes;
    private final RedisLink link;
    private final byte[] prefix;
    private final QueueSettings settings;
    private final InstantSource clock;
    private final FrozenRequests requests;
    private final SettlementEncoder encoder;
    private final SettleBatcher batcher;
    private final @Nullable RedisLink doorbell;
    private final long doorbellMillis;
    private final String inbox;
    private final Runnable onDamage;
    private final LostClaims claims;
    private volatile String cursor = "$";

    /**
     * @param sealer seals and opens requests that were rendered with secrets
     * @param clock this machine's clock, for the end of leases as the sender sees it
     * @param scheduler where gathering and backoff are timed
     * @param random spreads repeated attempts to reach Redis
     * @param onDamage told when a claim met what is not the engine's: what hung on it is to be looked after; returns at once
     */
    public RedisJobQueue(
            RedisConnections redis,
            QueueSettings settings,
            Sealer sealer,
            InstantSource clock,
            Scheduler scheduler,
            RandomGenerator random,
            Runnable onDamage) {
        this.claim = LuaScript.load("queue/claim.lua");
        this.lengthen = LuaScript.load("queue/lane.lua");
        this.link = redis.claim();
        this.doorbell = redis.doorbell(settings.tag());
        this.doorbellMillis = redis.longestHold().toMillis();
        RedisKeys keys = new RedisKeys(settings.tag());
        this.inbox = keys.inbox();
        this.prefix = Bytes.of(keys.prefix());
        this.lanes = new ScriptRunner(redis.admin(), prefix, settings.leases().laneMaxInFlight());
        this.settings = settings;
        this.onDamage = onDamage;
        this.claims = new LostClaims(Long.toHexString(random.nextLong()) + Long.toHexString(random.nextLong()));
        this.clock = clock;
        this.requests = new FrozenRequests(sealer);
        this.encoder = new SettlementEncoder(requests, settings.kept().history().requests() > 0);
        this.batcher = new SettleBatcher(
                LuaScript.load("queue/settle.lua"),
                redis.settle(),
                prefix,
                settleArguments(settings),
                settings.settleDelay(),
                new SentRequestWriter(redis.settle(), keys, random),
                new SettleBatcher.Timing(scheduler, random));
    }

    @Override
    public Mono<Claim> claim(int max, long maxBytes, Map<String, Integer> laneLimits) {
        return Mono.defer(
                () -> claimNow(Math.min(max, settings.batch()), Math.min(maxBytes, MAX_CLAIM_BYTES), laneLimits));
    }

    @Override
    public Mono<Settled> settle(Settlement settlement) {
        SettlementEncoder.Encoded encoded = encoder.encode(settlement);
        return Mono.create(sink -> batcher.add(encoded, sink));
    }

    @Override
    public Mono<Void> doorbell() {
        RedisLink bell = doorbell;
        return bell == null
                ? Mono.never()
                : Mono.fromCompletionStage(() -> bell.awaitEntry(inbox, cursor, doorbellMillis))
                        .then();
    }

    @Override
    public Mono<Void> lengthen(String lane, Duration attempt) {
        return lanes.run(lengthen, lane, "lengthen", attempt.toMillis()).then();
    }

    @Override
    public int unsettled() {
        return batcher.unanswered();
    }

    private Mono<Claim> claimNow(int max, long maxBytes, Map<String, Integer> laneLimits) {
        // Taken before the command leaves: a lease then never ends later here than in Redis.
        Instant claimedAt = clock.instant();
        long number = claims.next();
        return Mono.fromCompletionStage(() ->
                        claim.run(link, prefix, claimArguments(settings, max, maxBytes, laneLimits, number, claims)))
                .doOnError(failure -> claims.lost(number))
                .map(reply -> decode(reply, claimedAt));
    }

    private Claim decode(@Nullable Object reply, Instant claimedAt) {
        ClaimDecoder decoder = new ClaimDecoder(settings.tag(), claimedAt, requests);
        Claim claimed = decoder.decode(reply);
        cursor = decoder.cursor();
        decoder.damaged().forEach(this::fail);
        if (!decoder.setAside().isEmpty()) {
            LOG.atError()
                    .addKeyValue("what", decoder.setAside())
                    .addKeyValue("fix", "see the quarantine; somebody else writes to these keys")
                    .log("queue.damaged");
            onDamage.run();
        }
        return claimed;
    }

    private void fail(ClaimDecoder.Damaged damaged) {
        LOG.atError()
                .addKeyValue("entry", damaged.lease().hold().entry())
                .addKeyValue("reason", damaged.reason())
                .log("job.damaged");
        settle(new Settlement(damaged.lease(), new Outcome.Failed(null, damaged.reason(), null)))
                .subscribe();
    }

    static List<byte[]> claimArguments(QueueSettings settings, int max) {
        return claimArguments(settings, max, MAX_CLAIM_BYTES, Map.of(), 0, LostClaims.OF_NOBODY);
    }

    private static List<byte[]> claimArguments(
            QueueSettings settings,
            int max,
            long maxBytes,
            Map<String, Integer> laneLimits,
            long number,
            LostClaims claims) {
        List<byte[]> arguments = numbers(
                settings.leases().laneMaxInFlight(),
                max,
                settings.leases().longestAttempt().toMillis(),
                maxBytes,
                INTAKE,
                RECLAIMS,
                TURN,
                settings.leases().maxReclaims(),
                RECLAIM_SPREAD.toMillis(),
                MAX_DATA_BYTES,
                settings.kept().results(),
                settings.kept().quarantine(),
                settings.kept().dedupeWindow().toMillis(),
                settings.kept().history().sentMax(),
                settings.leases().margin().toMillis());
        arguments.add(Bytes.of(claims.who()));
        arguments.add(Bytes.of(number));
        arguments.add(Bytes.of(claims.numbers()));
        laneLimits.forEach((lane, most) -> {
            arguments.add(Bytes.of(lane));
            arguments.add(Bytes.of(most));
        });
        return arguments;
    }

    static List<byte[]> settleArguments(QueueSettings settings) {
        return numbers(
                settings.leases().laneMaxInFlight(),
                settings.kept().results(),
                settings.kept().history().sentMax(),
                settings.kept().history().sentMax(),
                settings.kept().dedupeWindow().toMillis(),
                settings.kept().history().requests());
    }

    private static List<byte[]> numbers(long... values) {
        List<byte[]> texts = new ArrayList<>(values.length);
        for (long value : values) {
            texts.add(Bytes.of(value));
        }
        return texts;
    }
}
