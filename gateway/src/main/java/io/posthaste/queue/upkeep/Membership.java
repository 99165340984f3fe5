package io.posthaste.queue.upkeep;

import io.posthaste.metrics.Repeating;
import io.posthaste.queue.Assignment;
import io.posthaste.queue.record.Bytes;
import io.posthaste.redis.LuaScript;
import io.posthaste.redis.RedisConnections;
import io.posthaste.redis.RedisLink;
import io.posthaste.redis.layout.Layouts;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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

    /**
     * After so long one that is not heard of acts no more by the layout it had: longer than any pause of a process that is
     * likely, shorter than anybody waits for a change of the number of shards.
     */
    private static final Duration SILENCE = Duration.ofSeconds(15);

    /** Names read at most; with more, those beyond poll nothing but what they look into. */
    private static final int MOST = 1_000;

    private final RedisLink link;
    private final String self;
    private final Scheduler timer;
    private final LuaScript script = LuaScript.load("queue/heartbeat.lua");
    private final LuaScript gatewaysScript = LuaScript.load("queue/gateways.lua");
    private final Disposable.Swap beating = Disposables.swap();
    private volatile List<String> gateways = List.of();
    private volatile Assignment assignment = Assignment.ALONE;
    private volatile long heardAt;
    private volatile List<String> shards = List.of();
    private volatile @Nullable Layouts layouts;

    /** @param self names this process among all */
    public Membership(RedisConnections redis, String self, Scheduler timer) {
        this.link = redis.admin();
        this.self = self;
        this.timer = timer;
        this.heardAt = timer.now(TimeUnit.MILLISECONDS);
    }

    /**
     * From now on the others know that this one starts, and no change of the layout goes on without it. It takes no part yet.
     * Blocks until Redis has heard of it: what it reads of the layout from then on holds until it says so.
     */
    public void arrive() {
        say("0").block();
        beating.update(
                Repeating.every("heartbeat", BEAT, BEAT, timer, () -> say("0").onErrorResume(failure -> Mono.empty())));
    }

    /** Which shards are to be shared among all. */
    public void share(List<String> tags) {
        shards = List.copyOf(tags);
        if (!gateways.isEmpty()) {
            assignment = Assignment.of(self, gateways, shards);
        }
    }

    /** From now on this one takes part, and follows the layout. */
    public void start(Layouts followed) {
        layouts = followed;
        beating.update(Repeating.every("heartbeat", Duration.ZERO, BEAT, timer, this::beat));
    }

    /** What this process is called. */
    public String self() {
        return self;
    }

    /** Every gateway that may act, and the epoch of the layout it acts by: -1 for one that knows of none. */
    public Mono<Map<String, Long>> epochs() {
        return Mono.fromCompletionStage(() -> gatewaysScript.run(link, Bytes.of(PREFIX), List.of(Bytes.of(MOST))))
                .map(reply -> epochs((Object[]) reply));
    }

    private static Map<String, Long> epochs(Object[] reply) {
        Map<String, Long> epochs = new TreeMap<>();
        for (int i = 0; i + 1 < reply.length; i += 2) {
            String epoch = Bytes.ascii((byte[]) reply[i + 1]);
            epochs.put(Bytes.utf8((byte[]) reply[i]), epoch.matches("[0-9]{1,15}") ? Long.parseLong(epoch) : -1);
        }
        return epochs;
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
        return say("1").doOnNext(this::heard)
                .onErrorResume(failure -> unheard())
                .delayUntil(alive -> follow());
    }

    /** A layout that cannot be read, or served, is tried again with the next beat; until then nobody goes on. */
    private Mono<Void> follow() {
        Layouts followed = layouts;
        return followed == null
                ? Mono.empty()
                : followed.refresh()
                        .then()
                        .onErrorResume(failure -> Mono.fromRunnable(() -> LOG.atWarn()
                                .addKeyValue("cause", failure.toString())
                                .log("layout.unknown")));
    }

    private Mono<List<String>> say(String lives) {
        List<byte[]> arguments = List.of(
                Bytes.of(self),
                Bytes.of(PATIENCE.toMillis()),
                Bytes.of(lives),
                Bytes.of(MOST),
                Bytes.of(epoch()),
                Bytes.of(SILENCE.toMillis()));
        return Mono.fromCompletionStage(() -> script.run(link, Bytes.of(PREFIX), arguments))
                .map(reply -> names((Object[]) reply));
    }

    /** 0 as long as none is followed: every change waits for that. */
    private long epoch() {
        Layouts followed = layouts;
        return followed == null ? 0 : followed.epoch();
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
