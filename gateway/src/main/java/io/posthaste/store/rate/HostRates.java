package io.posthaste.store.rate;

import io.lettuce.core.protocol.CommandType;
import io.posthaste.metrics.Repeating;
import io.posthaste.redis.LuaScript;
import io.posthaste.redis.RedisLink;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * This instance's view of the limits of hosts. All of them are in memory: a look-up never waits. Redis is asked every
 * {@link #POLL} whether something changed, so a change made by another instance is seen within a second; one's own is
 * seen when its write completes.
 */
public final class HostRates {
    /** All of them are in memory everywhere. */
    public static final int MOST = 1_000;

    static final Duration POLL = Duration.ofMillis(500);

    private static final Logger log = LoggerFactory.getLogger(HostRates.class);
    private static final Duration START = Duration.ofSeconds(10);

    /** One hash tag, so that scripts may touch all of it on a cluster. */
    private static final String PREFIX = "posthaste:{hosts}:";

    private static final String UNREAD = "";

    private final RedisLink redis;
    private final Scheduler timer;
    private final HostRateCodec codec = new HostRateCodec();
    private final LuaScript save = LuaScript.load("rate/save.lua");
    private final LuaScript delete = LuaScript.load("rate/delete.lua");
    private final LuaScript read = LuaScript.load("rate/read.lua");
    private final Disposable.Swap loop = Disposables.swap();
    private volatile View view = new View(UNREAD, Map.of());

    /** @param change the number of the last change that is in it */
    private record View(String change, Map<String, HostRate> rates) {}

    public HostRates(RedisLink redis, Scheduler timer) {
        this.redis = redis;
        this.timer = timer;
    }

    /**
     * The limit of a host; null when it has none. One of a port is closer than one of all its ports.
     *
     * @param hostKey {@code host:port}, as targets name it
     */
    public @Nullable HostRate of(String hostKey) {
        Map<String, HostRate> rates = view.rates();
        if (rates.isEmpty()) {
            return null;
        }
        HostRate ofPort = rates.get(hostKey);
        return ofPort != null ? ofPort : rates.get(hostKey.substring(0, Math.max(0, hostKey.lastIndexOf(':'))));
    }

    /** In the order of hosts. */
    public Collection<HostRate> all() {
        return view.rates().values();
    }

    /** The limit that is set for this name, and no other; null for none. */
    public @Nullable HostRate get(String host) {
        return view.rates().get(host);
    }

    /** Creates or replaces. Answers what was stored, with its version and times; empty when there are {@link #MOST} others. */
    public Mono<HostRate> save(HostRate rate) {
        return run(save, rate.host(), codec.write(rate).toString(), "" + MOST)
                .flatMap(stored -> Mono.justOrEmpty(codec.stored(rate.host(), text(stored))))
                .delayUntil(saved -> refresh());
    }

    /** Whether there was one. */
    public Mono<Boolean> delete(String host) {
        return run(delete, host).map(Long.valueOf(1)::equals).delayUntil(deleted -> refresh());
    }

    /** Takes in what changed. Reads share one connection, so their replies come in the order of the questions. */
    public Mono<Void> refresh() {
        return Mono.fromCompletionStage(() -> redis.send(CommandType.GET, PREFIX + "change"))
                .map(HostRates::text)
                .defaultIfEmpty("0")
                // What is no number is set aside by the script that reads everything.
                .onErrorReturn(
                        failure -> failure.getMessage() != null
                                && failure.getMessage().contains("WRONGTYPE"),
                        "?")
                .filter(change -> !change.equals(view.change()))
                .flatMap(change -> run(read))
                .doOnNext(reply -> takeIn((Object[]) reply))
                .then();
    }

    private void takeIn(Object[] reply) {
        Map<String, HostRate> before = view.rates();
        Map<String, HostRate> rates = new TreeMap<>();
        Object[] flat = (Object[]) reply[1];
        for (int i = 0; i + 1 < flat.length && rates.size() < MOST; i += 2) {
            String host = text(flat[i]);
            HostRate stored = codec.stored(host, text(flat[i + 1]));
            if (stored == null) {
                log.atError()
                        .addKeyValue("host", host)
                        .addKeyValue("fix", "put the limit anew, or delete it: until then what was known of it is used")
                        .log("limits.unreadable");
            }
            HostRate known = stored == null ? before.get(host) : stored;
            if (known != null) {
                rates.put(host, known);
            }
        }
        view = new View(text(reply[0]), Collections.unmodifiableMap(rates));
    }

    /** Reads everything once, then looks for changes. Blocks until read: no job is sent before its limit is known. */
    public void start() {
        refresh().block(START);
        loop.update(Repeating.every("host_limits", POLL, POLL, timer, this::refresh));
    }

    public void stop() {
        loop.dispose();
    }

    /** Empty when the script answers nil. */
    private Mono<Object> run(LuaScript script, String... arguments) {
        List<byte[]> texts = Stream.of(arguments)
                .map(argument -> argument.getBytes(StandardCharsets.UTF_8))
                .toList();
        byte[] prefix = PREFIX.getBytes(StandardCharsets.UTF_8);
        return Mono.fromCompletionStage(() -> script.run(redis, prefix, texts));
    }

    private static String text(Object reply) {
        return new String((byte[]) reply, StandardCharsets.UTF_8);
    }
}
