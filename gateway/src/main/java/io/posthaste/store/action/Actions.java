package io.posthaste.store.action;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.posthaste.action.Action;
import io.posthaste.json.MalformedJson;
import io.posthaste.metrics.Repeating;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * This instance's view of the stored actions: what a delivery reads. Looks at Redis for what changed every
 * {@link #POLL}, so a change made by another instance is seen within a second.
 *
 * <p>That an action is unknown is never remembered: a job written right after its action must find it. All who ask for
 * one id share a read, so unknown ids cost Redis at most one read in flight each.
 */
public final class Actions {
    static final Duration POLL = Duration.ofMillis(500);

    /** A backstop, should a change ever go unheard: after a fail-over that lost writes, say. */
    private static final Duration LONGEST_KEPT = Duration.ofMinutes(5);

    private static final long WEIGHT = 64L << 20;
    private static final long UNKNOWN = -1;
    private static final int READS_AT_ONCE = 64;
    private static final Logger log = LoggerFactory.getLogger(Actions.class);

    private final ActionStore store;
    private final Scheduler timer;
    private final Cache<String, Action> cache;
    private final ConcurrentMap<String, Read> reads = new ConcurrentHashMap<>();
    private final AtomicLong seen = new AtomicLong(UNKNOWN);
    private final Disposable.Swap loop = Disposables.swap();

    public Actions(ActionStore store, Scheduler timer, LongSupplier nanoTime) {
        this.store = store;
        this.timer = timer;
        this.cache = Caffeine.newBuilder()
                .maximumWeight(WEIGHT)
                .weigher((String id, Action action) -> weight(action))
                .expireAfterWrite(LONGEST_KEPT)
                .ticker(nanoTime::getAsLong)
                .executor(Runnable::run)
                .build();
    }

    /** The action if it is at hand; empty says nothing about whether it exists. */
    public Optional<Action> cached(String id) {
        return Optional.ofNullable(cache.getIfPresent(id));
    }

    /**
     * The action from memory or from Redis. Empty only when Redis said so in answer to a read that began after this
     * call: the first read may have been under way for somebody else, so a miss is asked again. Fails when Redis does,
     * and with {@link InvalidAction} or {@link MalformedJson} when what is stored cannot be used.
     */
    public Mono<Action> find(String id) {
        return Mono.defer(() -> Mono.justOrEmpty(cached(id)))
                .switchIfEmpty(read(id))
                .switchIfEmpty(read(id));
    }

    private Mono<Action> read(String id) {
        return Mono.defer(() -> reads.computeIfAbsent(id, Read::new).answer);
    }

    /** One read under way, shared by all who ask meanwhile. Ended before anyone hears its answer. */
    private final class Read {
        private final String id;
        private final Mono<Action> answer;

        Read(String id) {
            this.id = id;
            this.answer = store.find(id)
                    .doOnSuccess(this::end)
                    .doOnError(failure -> end(null))
                    .cache();
        }

        /** Keeps the answer unless the action changed while it was under way. */
        private void end(@Nullable Action found) {
            reads.computeIfPresent(id, (key, current) -> {
                if (current == this && found != null) {
                    cache.put(id, found);
                }
                return current == this ? null : current;
            });
        }
    }

    /** Takes in what changed in Redis since the last look. A writer calls this to see its own write at once. */
    public Mono<Void> refresh() {
        return Mono.defer(() -> refreshAfter(seen.get()));
    }

    private Mono<Void> refreshAfter(long from) {
        return store.lastChange()
                .flatMap(last -> last == from ? Mono.<Void>empty() : takeIn(from, last))
                .then();
    }

    private Mono<Void> takeIn(long from, long last) {
        // Numbers that went backwards mean another history: an emptied or restored Redis.
        boolean unrelated = from == UNKNOWN || last < from;
        Mono<List<String>> changed =
                unrelated ? Mono.just(List.copyOf(cache.asMap().keySet())) : store.changedAfter(from);
        return changed.map(this::forget)
                .flatMapIterable(inUse -> inUse)
                .flatMap(this::readAgain, READS_AT_ONCE)
                .then(Mono.fromRunnable(() -> seen.compareAndSet(from, last)));
    }

    /** Answers which of them were in use. All are forgotten before any is read again. */
    private List<String> forget(List<String> ids) {
        List<String> inUse = ids.stream().filter(cache.asMap()::containsKey).toList();
        ids.forEach(id -> reads.compute(id, (key, underWay) -> {
            cache.invalidate(key);
            return null;
        }));
        return inUse;
    }

    /** What was in use is read at once, so that no delivery waits for it. */
    private Mono<Action> readAgain(String id) {
        return read(id).onErrorResume(failure -> {
            log.atWarn()
                    .addKeyValue("action", id)
                    .addKeyValue("cause", failure.toString())
                    .log("action.unusable");
            return Mono.empty();
        });
    }

    /** Starts looking for changes. */
    public void start() {
        loop.update(Repeating.every("actions", POLL, POLL, timer, this::refresh));
    }

    public void stop() {
        loop.dispose();
    }

    /** Characters, roughly: the templates are what is big. */
    private static int weight(Action action) {
        int headers = action.headers().stream()
                .mapToInt(h -> h.name().length() + h.value().length())
                .sum();
        return 1024 + action.url().length() + action.body().length() + headers;
    }
}
