package io.posthaste.store.reporting;

import io.posthaste.metrics.Repeating;
import io.posthaste.store.reporting.ReportingWebhookStore.Standing;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * This instance's view of the reporting webhooks: what settling a delivery asks. Looks at Redis every {@link #POLL}, so
 * a change made through another instance is seen within a second; until then the engine's scripts tell what they can.
 */
public final class ReportingWebhooks {
    static final Duration POLL = Duration.ofSeconds(1);

    private final ReportingWebhookStore store;
    private final Scheduler timer;
    private final Disposable.Swap loop = Disposables.swap();
    private final AtomicLong looks = new AtomicLong();
    private volatile Interest interest = Interest.NOTHING;
    private volatile long lag;
    private volatile Consumer<List<ReportingWebhook>> follower = enabled -> {};
    private long lastLook;

    /** What all of them together want to hear. */
    public enum Interest {
        NOTHING,
        EVENTS,
        EVENTS_WITH_CONTENT
    }

    public ReportingWebhooks(ReportingWebhookStore store, Scheduler timer) {
        this.store = store;
        this.timer = timer;
    }

    public Interest interest() {
        return interest;
    }

    /** As {@link ReportingWebhookStore#save}; this instance follows at once. */
    public Mono<ReportingWebhook> save(ReportingWebhook webhook) {
        return store.save(webhook).delayUntil(saved -> refresh());
    }

    /** As {@link ReportingWebhookStore#delete}; this instance follows at once. */
    public Mono<Boolean> delete(String id) {
        return store.delete(id).delayUntil(deleted -> refresh());
    }

    /** As {@link ReportingWebhookStore#resume}. */
    public Mono<Boolean> resume(String id) {
        return store.resume(id);
    }

    /** Asks Redis, as does {@link #list}: how a webhook stands changes all the time. */
    public Mono<Standing> find(String id) {
        return store.find(id);
    }

    /** In the order of ids. */
    public Mono<List<Standing>> list() {
        return store.list();
    }

    /** Entries that the slowest has before it, as of the last look. */
    public long lag() {
        return lag;
    }

    /** Starts looking. {@code follower} is given the enabled webhooks at each look; one call at a time, not to block. */
    public void start(Consumer<List<ReportingWebhook>> follower) {
        this.follower = follower;
        loop.update(Repeating.every("reporting_webhooks", Duration.ZERO, POLL, timer, this::refresh));
    }

    public void stop() {
        loop.dispose();
    }

    /** Looks now. A writer calls this to be followed at once. */
    public Mono<Void> refresh() {
        return Mono.defer(() -> {
            long look = looks.incrementAndGet();
            return store.list().doOnNext(all -> seen(look, all)).then();
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
        follower.accept(enabled.stream().map(Standing::webhook).toList());
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
