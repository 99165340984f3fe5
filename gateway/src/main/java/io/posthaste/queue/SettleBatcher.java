package io.posthaste.queue;

import io.posthaste.queue.SettlementEncoder.Encoded;
import io.posthaste.queue.record.Bytes;
import io.posthaste.redis.LuaScript;
import io.posthaste.redis.RedisLink;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;

/**
 * Gathers settlements into few round trips, and repeats each round trip until Redis has answered it. Nothing is
 * dropped while the process lives: how many wait is bounded by how many leases the process holds.
 *
 * <p>A batch leaves when it is full or when its first settlement has waited for the delay, and then as soon as a round
 * trip is free. It does not leave earlier: what a script costs beside its jobs is shared by all of them.
 */
final class SettleBatcher {
    private static final int FULL = 256;
    private static final int ROUND_TRIPS = 2;
    private static final long FIRST_BACKOFF_MILLIS = 20;
    private static final long LONGEST_BACKOFF_MILLIS = 1_000;

    /** After so many failures in a row a batch is halved: should one job be what fails, the others get through. */
    private static final int FAILURES_BEFORE_SPLIT = 3;

    private final LuaScript script;
    private final RedisLink link;
    private final byte[] prefix;
    private final List<byte[]> settings;
    private final Duration delay;
    private final SentRequestWriter requests;
    private final Timing timing;
    private final SettleFailures log = new SettleFailures();
    private final AtomicInteger unanswered = new AtomicInteger();
    private final Deque<Waiting> queue = new ArrayDeque<>();
    private int inFlight;
    private boolean timerSet;
    private boolean overdue;

    /** Where delays run and what spreads them. */
    record Timing(Scheduler scheduler, RandomGenerator random) {}

    /** One settlement and who waits for its answer. */
    private record Waiting(Encoded settlement, MonoSink<Settled> sink) {}

    SettleBatcher(
            LuaScript script,
            RedisLink link,
            byte[] prefix,
            List<byte[]> settings,
            Duration delay,
            SentRequestWriter requests,
            Timing timing) {
        this.script = script;
        this.link = link;
        this.prefix = prefix;
        this.settings = settings;
        this.delay = delay;
        this.requests = requests;
        this.timing = timing;
    }

    /** Settlements that Redis has not answered yet. */
    int unanswered() {
        return unanswered.get();
    }

    void add(Encoded settlement, MonoSink<Settled> sink) {
        unanswered.incrementAndGet();
        synchronized (this) {
            queue.add(new Waiting(settlement, sink));
            setTimer();
        }
        sendReady();
    }

    private void setTimer() {
        if (!timerSet) {
            timerSet = true;
            timing.scheduler().schedule(this::timeIsUp, delay.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void timeIsUp() {
        synchronized (this) {
            timerSet = false;
            overdue = !queue.isEmpty();
        }
        sendReady();
    }

    /** Sends batches while round trips are free and a batch is full or overdue. */
    private void sendReady() {
        for (List<Waiting> batch = next(); batch != null; batch = next()) {
            send(batch, 0, true);
        }
    }

    private synchronized @Nullable List<Waiting> next() {
        boolean ready = queue.size() >= FULL || (overdue && !queue.isEmpty());
        if (!ready || inFlight == ROUND_TRIPS) {
            return null;
        }
        inFlight++;
        List<Waiting> batch = new ArrayList<>(Math.min(FULL, queue.size()));
        while (batch.size() < FULL && !queue.isEmpty()) {
            batch.add(queue.remove());
        }
        overdue = overdue && !queue.isEmpty();
        return batch;
    }

    private void send(List<Waiting> batch, int failures, boolean holdsRoundTrip) {
        List<byte[]> arguments = new ArrayList<>(settings.size() + 1 + 13 * batch.size());
        arguments.addAll(settings);
        arguments.add(Bytes.of(requests.write(
                batch.stream().map(waiting -> waiting.settlement().sentAs()).toList())));
        batch.forEach(waiting -> arguments.addAll(waiting.settlement().arguments()));
        script.run(link, prefix, arguments).whenComplete((reply, failure) -> {
            if (reply instanceof Object[] results && results.length == batch.size()) {
                answered(batch, results, failures, holdsRoundTrip);
            } else {
                log.failed(batch.size(), failures == 0, failure);
                repeat(batch, failures + 1, holdsRoundTrip);
            }
        });
    }

    private void answered(List<Waiting> batch, @Nullable Object[] results, int failures, boolean holdsRoundTrip) {
        if (failures > 0) {
            log.recovered();
        }
        finishRoundTrip(holdsRoundTrip);
        for (int i = 0; i < results.length; i++) {
            unanswered.decrementAndGet();
            batch.get(i).sink().success(settled(results[i]));
        }
    }

    static Settled settled(@Nullable Object result) {
        if (Long.valueOf(2).equals(result)) {
            return Settled.OUTDATED;
        }
        return Long.valueOf(1).equals(result) ? Settled.APPLIED : Settled.IGNORED;
    }

    private void finishRoundTrip(boolean holdsRoundTrip) {
        if (holdsRoundTrip) {
            synchronized (this) {
                inFlight--;
            }
            sendReady();
        }
    }

    private void repeat(List<Waiting> batch, int failures, boolean holdsRoundTrip) {
        // One job alone that keeps failing must not hold up the others; it goes on trying beside them.
        boolean steps = holdsRoundTrip && batch.size() == 1 && failures >= FAILURES_BEFORE_SPLIT;
        if (steps) {
            finishRoundTrip(true);
        }
        later(failures, () -> again(batch, failures, holdsRoundTrip && !steps));
    }

    private void again(List<Waiting> batch, int failures, boolean holdsRoundTrip) {
        if (failures % FAILURES_BEFORE_SPLIT != 0 || batch.size() == 1) {
            send(batch, failures, holdsRoundTrip);
            return;
        }
        int half = batch.size() / 2;
        log.split();
        send(batch.subList(0, half), failures, false);
        send(batch.subList(half, batch.size()), failures, holdsRoundTrip);
    }

    private void later(int failures, Runnable task) {
        long backoff = Math.min(LONGEST_BACKOFF_MILLIS, FIRST_BACKOFF_MILLIS << Math.min(failures, 6));
        long spread = timing.random().nextLong(backoff / 2 + 1);
        timing.scheduler().schedule(task, backoff / 2 + spread, TimeUnit.MILLISECONDS);
    }
}
