package io.posthaste.store.reporting;

import io.posthaste.metrics.Repeating;
import io.posthaste.store.reporting.ReportingWebhookStore.Standing;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * This instance's view of the reporting webhooks: what settling a delivery asks. Looks at Redis every {@link #POLL}, so
 * a change made through another instance is seen within a second; until then the engine's scripts tell what they can.
 */
public final class ReportingWebhooks {
    static final Duration POLL = Duration.ofSeconds(1);

    private final List<ReportingWebhookStore> shards;
    private final Scheduler timer;
    private final Disposable.Swap loop = Disposables.swap();
    private final AtomicLong looks = new AtomicLong();
    private volatile Interest interest = Interest.NOTHING;
    private volatile long lag;
    private final List<Consumer<List<ReportingWebhook>>> followers = new CopyOnWriteArrayList<>();
    private long lastLook;

    /** What all of them together want to hear. */
    public enum Interest {
        NOTHING,
        EVENTS,
        EVENTS_WITH_CONTENT
    }

    /** @param shards each has all of them, and the events of its own deliveries */
    public ReportingWebhooks(List<ReportingWebhookStore> shards, Scheduler timer) {
        this.shards = new CopyOnWriteArrayList<>(shards);
        this.timer = timer;
    }

    /**
     * One more shard, once it has all webhooks that the others have: until then nothing that happens on it would be told.
     * Several instances may do so at a time.
     */
    public Mono<Void> add(ReportingWebhookStore shard) {
        return list().flatMap(all -> shard.list().map(there -> missing(all, there)))
                .flatMapIterable(missing -> missing)
                .concatMap(shard::save)
                .then(Mono.<Void>fromRunnable(() -> shards.add(shard)))
                .then(Mono.defer(this::refresh).onErrorComplete());
    }

    private static List<ReportingWebhook> missing(List<Standing> all, List<Standing> there) {
        Set<String> ids =
                there.stream().map(standing -> standing.webhook().id()).collect(Collectors.toSet());
        return all.stream()
                .map(Standing::webhook)
                .filter(webhook -> !ids.contains(webhook.id()))
                .toList();
    }

    public Interest interest() {
        return interest;
    }

    /** As {@link ReportingWebhookStore#save}, on every shard; may be repeated. This instance follows at once. */
    public Mono<ReportingWebhook> save(ReportingWebhook webhook) {
        List<ReportingWebhookStore> all = List.copyOf(shards);
        return Flux.fromIterable(all)
                .concatMap(shard -> shard.save(webhook))
                .collectList()
                .flatMap(saved -> saved.size() < all.size() ? Mono.empty() : Mono.just(saved.getFirst()))
                .delayUntil(saved -> refresh());
    }

    /** As {@link ReportingWebhookStore#delete}; this instance follows at once. */
    public Mono<Boolean> delete(String id) {
        return onAny(shard -> shard.delete(id)).delayUntil(deleted -> refresh());
    }

    /** As {@link ReportingWebhookStore#resume}. */
    public Mono<Boolean> resume(String id) {
        return onAny(shard -> shard.resume(id));
    }

    /** On every shard. Whether it was there on one. */
    private Mono<Boolean> onAny(Function<ReportingWebhookStore, Mono<Boolean>> change) {
        return Flux.fromIterable(shards).concatMap(change).reduce(false, Boolean::logicalOr);
    }

    /** Asks Redis, as does {@link #list}: how a webhook stands changes all the time. */
    public Mono<Standing> find(String id) {
        return list().flatMap(all -> Mono.justOrEmpty(all.stream()
                .filter(standing -> standing.webhook().id().equals(id))
                .findFirst()));
    }

    /** In the order of ids. */
    public Mono<List<Standing>> list() {
        return Flux.fromIterable(shards).concatMap(ReportingWebhookStore::list).reduce(ReportingWebhooks::joined);
    }

    /** Those that are on both, with what both say of them: one that is on one only is being made, or deleted. */
    private static List<Standing> joined(List<Standing> some, List<Standing> others) {
        Map<String, Standing> byId = others.stream()
                .collect(Collectors.toMap(standing -> standing.webhook().id(), standing -> standing));
        return some.stream()
                .flatMap(standing ->
                        Optional.ofNullable(byId.get(standing.webhook().id())).map(standing::and).stream())
                .toList();
    }

    /** Entries that the slowest has before it, as of the last look. */
    public long lag() {
        return lag;
    }

    /**
     * Starts looking. Each follower is given the enabled webhooks at each look; one call at a time, not to block.
     *
     * @param gateways how many live: many of them each look less often, so that Redis pays the same
     */
    public void start(Consumer<List<ReportingWebhook>> follower, IntSupplier gateways) {
        followers.add(follower);
        loop.update(Repeating.everyShared("reporting_webhooks", Duration.ZERO, POLL, timer, gateways, this::refresh));
    }

    public void stop() {
        loop.dispose();
    }

    /** Looks now. A writer calls this to be followed at once. */
    public Mono<Void> refresh() {
        return Mono.defer(() -> {
            long look = looks.incrementAndGet();
            return list().doOnNext(all -> seen(look, all)).then();
        });
    }

    /** A look that began before another one that was answered already has old news. */
    private synchronized void seen(long look, List<Standing> all) {
        if (look < lastLook) {
            return;
        }
        lastLook = look;
        List<Standing> enabled =
                all.stream().filter(standing -> standing.webhook().enabled()).toList();
        interest = interestOf(enabled);
        lag = enabled.stream()
                .mapToLong(standing -> standing.status().lag())
                .max()
                .orElse(0);
        List<ReportingWebhook> webhooks =
                enabled.stream().map(Standing::webhook).toList();
        followers.forEach(follower -> follower.accept(webhooks));
    }

    private static Interest interestOf(List<Standing> enabled) {
        if (enabled.isEmpty()) {
            return Interest.NOTHING;
        }
        return enabled.stream().anyMatch(standing -> standing.webhook().withContent())
                ? Interest.EVENTS_WITH_CONTENT
                : Interest.EVENTS;
    }
}
