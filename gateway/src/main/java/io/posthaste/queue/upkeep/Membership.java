package io.posthaste.queue.upkeep;

import io.posthaste.metrics.Repeating;
import io.posthaste.queue.Assignment;
import io.posthaste.queue.record.Bytes;
import io.posthaste.redis.LuaScript;
import io.posthaste.redis.RedisConnections;
import io.posthaste.redis.RedisLink;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The gateways of a keyspace that live, by their heartbeats in Redis, and what follows for this one. Without an answer
 * it thinks itself alone and polls everything: rather twice than not at all.
 */
public final class Membership implements AutoCloseable {
    /** Where gateways say that they live; no shard's. */
    static final String PREFIX = "posthaste:{gateways}:";

    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);
    private static final Duration BEAT = Duration.ofSeconds(1);

    /** Three beats that did not come. With a beat until others see it and a second until they poll, five seconds in all. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    /** How long a stop waits for Redis. */
    private static final Duration FAREWELL = Duration.ofSeconds(1);

    /** Names read at most; with more, those beyond poll nothing but what they look into. */
    private static final int MOST = 1_000;

    private final RedisLink link;
    private final String self;
    private final List<String> shards;
    private final Scheduler timer;
    private final LuaScript script = LuaScript.load("queue/heartbeat.lua");
    private final Disposable.Swap beating = Disposables.swap();
    private volatile List<String> gateways = List.of();
    private volatile Assignment assignment = Assignment.ALONE;
    private volatile long heardAt;

    /** @param self names this process among all */
    public Membership(RedisConnections redis, String self, List<String> shards, Scheduler timer) {
        this.link = redis.admin();
        this.self = self;
        this.shards = shards;
        this.timer = timer;
        this.heardAt = timer.now(TimeUnit.MILLISECONDS);
    }

    /** From now on the others know of this one. */
    public void start() {
        beating.update(Repeating.every("heartbeat", Duration.ZERO, BEAT, timer, this::beat));
    }

    /** What this one is called. */
    public String self() {
        return self;
    }

    /** What this gateway does about each shard. */
    public Assignment assignment() {
        return assignment;
    }

    /** Those that live, this one among them; only this one while Redis does not tell. */
    public List<String> gateways() {
        return gateways.isEmpty() ? List.of(self) : gateways;
    }

    /** The others take over at once. */
    @Override
    public void close() {
        beating.dispose();
        say("").timeout(FAREWELL, timer).onErrorComplete().block();
    }

    /** One heartbeat; never fails. */
    Mono<List<String>> beat() {
        return say("1").doOnNext(this::heard).onErrorResume(failure -> unheard());
    }

    private Mono<List<String>> say(String lives) {
        List<byte[]> arguments =
                List.of(Bytes.of(self), Bytes.of(PATIENCE.toMillis()), Bytes.of(lives), Bytes.of(MOST));
        return Mono.fromCompletionStage(() -> script.run(link, Bytes.of(PREFIX), arguments))
                .map(reply -> names((Object[]) reply));
    }

    private static List<String> names(Object[] reply) {
        return Arrays.stream(reply).map(name -> Bytes.utf8((byte[]) name)).toList();
    }

    private void heard(List<String> alive) {
        heardAt = timer.now(TimeUnit.MILLISECONDS);
        if (!alive.equals(gateways)) {
            gateways = alive;
            assignment = Assignment.of(self, alive, shards);
            LOG.atInfo()
                    .addKeyValue("alive", alive.size())
                    .addKeyValue("polled_here", assignment.polled(shards.size()))
                    .addKeyValue("shards", shards.size())
                    .log("gateways.changed");
        }
    }

    private Mono<List<String>> unheard() {
        if (timer.now(TimeUnit.MILLISECONDS) - heardAt > PATIENCE.toMillis() && !gateways.isEmpty()) {
            gateways = List.of();
            assignment = Assignment.ALONE;
            LOG.atWarn().addKeyValue("polled_here", shards.size()).log("gateways.unknown");
        }
        return Mono.empty();
    }
}
