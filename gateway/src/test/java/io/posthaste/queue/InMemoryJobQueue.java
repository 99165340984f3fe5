package io.posthaste.queue;

import io.posthaste.job.Attempt;
import io.posthaste.job.Job;
import io.posthaste.job.Lease;
import io.posthaste.job.Outcome;
import io.posthaste.job.RenderedRequest;
import io.posthaste.job.Settlement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A queue that holds to {@link JobQueueContract} in one process, on the clock it is given. */
public final class InMemoryJobQueue implements JobQueue {
    private final InstantSource clock;
    private final Duration margin;
    private final Map<String, Duration> attempts = new HashMap<>();
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Map<String, String> ended = new LinkedHashMap<>();
    private final List<Sinks.One<Object>> listeners = new ArrayList<>();
    private Duration attempt;
    private volatile boolean deaf;
    private long tokens;

    private static final class Entry {
        final Job job;
        final String entry;
        Instant dueAt;

        @Nullable
        Lease lease;

        int attempts;
        long firstAttemptAtMillis;

        @Nullable
        RenderedRequest frozen;

        int reclaims;

        Entry(Job job, String entry, Instant dueAt) {
            this.job = job;
            this.entry = entry;
            this.dueAt = dueAt;
        }
    }

    /**
     * @param attempt how long attempts of a lane take that was not told otherwise
     * @param margin what a lease has beyond that
     */
    public InMemoryJobQueue(InstantSource clock, Duration attempt, Duration margin) {
        this.clock = clock;
        this.attempt = attempt;
        this.margin = margin;
    }

    /** Takes a job that is due at once; one whose id is there already is dropped. */
    public synchronized void add(Job job) {
        entries.computeIfAbsent(job.id(), id -> new Entry(job, entries.size() + "-" + ++tokens, clock.instant()));
        listeners.forEach(Sinks.One::tryEmitEmpty);
        listeners.clear();
    }

    /** How a delivery ended, such as {@code sent} or {@code failed: HTTP 404}; null while it has not. */
    public synchronized @Nullable String end(String id) {
        return ended.get(id);
    }

    /** Jobs that have not ended. */
    public synchronized int size() {
        return entries.size();
    }

    void attemptsTake(Duration time) {
        this.attempt = time;
    }

    @Override
    public Mono<Claim> claim(int max, long maxBytes, Map<String, Integer> laneLimits) {
        return Mono.fromSupplier(() -> claimNow(max, maxBytes, laneLimits));
    }

    @Override
    public int unsettled() {
        return 0;
    }

    @Override
    public synchronized Mono<Void> doorbell() {
        Sinks.One<Object> rung = Sinks.one();
        listeners.add(rung);
        return rung.asMono().then();
    }

    /** From now on no lane can be told how long its attempts are, as in an outage. */
    public void hearsOfNoLengths() {
        deaf = true;
    }

    @Override
    public Mono<Void> lengthen(String lane, Duration time) {
        return deaf
                ? Mono.error(new IllegalStateException("no answer"))
                : Mono.fromRunnable(() -> {
                    synchronized (this) {
                        attempts.merge(lane, time, (one, other) -> one.compareTo(other) > 0 ? one : other);
                    }
                });
    }

    @Override
    public Mono<Settled> settle(Settlement settlement) {
        return Mono.fromSupplier(() -> settleNow(settlement));
    }

    private synchronized Claim claimNow(int max, long maxBytes, Map<String, Integer> laneLimits) {
        Instant now = clock.instant();
        entries.values().forEach(entry -> reclaim(entry, now));
        List<Lease> leases = new ArrayList<>();
        long bytes = 0;
        Map<String, Integer> left = new HashMap<>(laneLimits);
        while (leases.size() < max && bytes < maxBytes) {
            Entry next = next(now, leases, left);
            if (next == null) {
                break;
            }
            Lease lease = lease(next, now);
            leases.add(lease);
            bytes += lease.bytes();
            left.computeIfPresent(next.job.lane(), (lane, most) -> most - 1);
        }
        return new Claim(leases, next(now, leases, left) == null ? Duration.ofMillis(1) : Duration.ZERO);
    }

    private static void reclaim(Entry entry, Instant now) {
        Lease lease = entry.lease;
        if (lease != null && !now.isBefore(lease.hold().expiresAt())) {
            entry.lease = null;
            entry.reclaims++;
        }
    }

    /** Of the lane that has got least so far, what is due longest. */
    private @Nullable Entry next(Instant now, List<Lease> leases, Map<String, Integer> left) {
        return entries.values().stream()
                .filter(entry -> entry.lease == null && !entry.dueAt.isAfter(now))
                .filter(entry -> left.getOrDefault(entry.job.lane(), 1) > 0)
                .min(Comparator.<Entry>comparingLong(entry -> got(entry.job.lane(), leases))
                        .thenComparing(entry -> entry.dueAt))
                .orElse(null);
    }

    private static long got(String lane, List<Lease> leases) {
        return leases.stream().filter(lease -> lease.job().lane().equals(lane)).count();
    }

    private Lease lease(Entry entry, Instant now) {
        Duration length = attempts.getOrDefault(entry.job.lane(), attempt).plus(margin);
        Lease lease = new Lease(
                entry.job,
                new Lease.Hold("0", entry.entry, ++tokens, now.plus(length)),
                new Lease.Past(entry.attempts, entry.firstAttemptAtMillis, false, entry.reclaims),
                entry.frozen,
                false,
                entry.frozen != null);
        entry.lease = lease;
        return lease;
    }

    private synchronized Settled settleNow(Settlement settlement) {
        Entry entry = entries.get(settlement.lease().job().id());
        if (entry == null || !entry.entry.equals(settlement.lease().hold().entry())) {
            return Settled.IGNORED;
        }
        Lease held = entry.lease;
        boolean holds =
                held != null && held.hold().token() == settlement.lease().hold().token();
        if (!holds && !(settlement.outcome() instanceof Outcome.Delivered)) {
            return Settled.IGNORED;
        }
        switch (settlement.outcome()) {
            case Outcome.Delivered done -> end(entry, "sent");
            case Outcome.Retry retry -> again(entry, retry);
            case Outcome.Failed failed -> end(entry, "failed: " + failed.reason());
            case Outcome.Aborted aborted -> end(entry, "aborted: " + aborted.reason());
            case Outcome.Skipped skipped -> end(entry, "skipped");
            case Outcome.Cancelled cancelled -> end(entry, "cancelled: " + cancelled.reason());
            case Outcome.Drafted drafted -> end(entry, "drafted");
            case Outcome.Released released -> giveBack(entry, released.delay());
        }
        return Settled.APPLIED;
    }

    private void end(Entry entry, String how) {
        entries.remove(entry.job.id());
        ended.put(entry.job.id(), how);
    }

    private void again(Entry entry, Outcome.Retry retry) {
        Attempt last = retry.attempt();
        entry.attempts = last.number();
        entry.firstAttemptAtMillis = entry.firstAttemptAtMillis == 0 ? clock.millis() : entry.firstAttemptAtMillis;
        entry.frozen = retry.frozen() == null ? entry.frozen : retry.frozen();
        giveBack(entry, retry.delay());
    }

    private void giveBack(Entry entry, Duration delay) {
        entry.lease = null;
        entry.dueAt = clock.instant().plus(delay);
    }
}
