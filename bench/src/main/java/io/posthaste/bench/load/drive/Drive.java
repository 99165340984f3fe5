package io.posthaste.bench.load.drive;

import io.posthaste.bench.load.process.LoadException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One load, from its first job to the last arrival: a feed that enqueues and a monitor that watches. */
public final class Drive implements AutoCloseable {
    private static final long POLL_NANOS = 50_000_000;
    private static final int POLLS_PER_SAMPLE = 4;

    private final Feed feed;
    private final Ledger ledger;
    private final Arrivals arrivals;
    private final Supplier<Usage> usage;
    private final Progress progress;
    private final Timeline timeline = new Timeline();
    private final Thread monitor = new Thread(this::watch, "monitor");
    private volatile boolean over;
    private volatile @Nullable RuntimeException failure;
    private volatile long fedAt;

    public Drive(Feed feed, Ledger ledger, Arrivals arrivals, Supplier<Usage> usage, Progress progress) {
        this.feed = feed;
        this.ledger = ledger;
        this.arrivals = arrivals;
        this.usage = usage;
        this.progress = progress;
    }

    public void start() {
        monitor.start();
        feed.start();
    }

    public Ledger ledger() {
        return ledger;
    }

    /** Ends offering now, not when all jobs were offered. */
    public void stopFeeding() {
        feed.stop();
    }

    /** Waits until all jobs offered were accepted by Redis. */
    public void awaitFed(Duration limit) {
        await("jobs to be accepted", feed::isDone, limit);
        fedAt = Clock.micros();
    }

    /** Waits until Redis has taken at least so many jobs. */
    public void awaitAccepted(int count, Duration limit) {
        await(count + " jobs enqueued", () -> ledger.acceptances() >= count, limit);
    }

    /** Waits until at least so many jobs were delivered. */
    public void awaitDelivered(int count, Duration limit) {
        await(count + " deliveries", () -> ledger.deliveries() >= count, limit);
    }

    /**
     * Waits until every accepted job has arrived and {@code settled} holds; gives up when {@code patience} passes
     * without a new arrival. What is missing then, the reconciliation will tell.
     */
    public void drain(Duration patience, BooleanSupplier settled) {
        int before = -1;
        long giveUpAt = 0;
        while (ledger.deliveries() < ledger.acceptances() || !settled.getAsBoolean()) {
            check();
            if (ledger.deliveries() != before) {
                before = ledger.deliveries();
                giveUpAt = System.nanoTime() + patience.toNanos();
            } else if (System.nanoTime() > giveUpAt) {
                break;
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        // Duplicates come last, if they come: two more looks at the receiver.
        LockSupport.parkNanos(4 * POLL_NANOS);
    }

    /** Ends the load; the ledger and the timeline may be read from now on. Once is enough, twice is harmless. */
    public void finish() {
        over = true;
        feed.close();
        try {
            monitor.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        finish();
    }

    public Timeline timeline() {
        return timeline;
    }

    /** When the feed had nothing left to offer, in epoch microseconds. */
    public long fedAt() {
        return fedAt;
    }

    public int offered() {
        return feed.offered();
    }

    private void await(String what, BooleanSupplier condition, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            check();
            if (System.nanoTime() > deadline) {
                throw new LoadException("waited %d s for %s; accepted %d, delivered %d"
                        .formatted(limit.toSeconds(), what, ledger.acceptances(), ledger.deliveries()));
            }
            LockSupport.parkNanos(5_000_000);
        }
    }

    private void check() {
        RuntimeException cause = failure;
        if (cause != null) {
            throw new LoadException("the monitor failed: " + cause.getMessage(), cause);
        }
    }

    private void watch() {
        try {
            for (int polls = 0; !over; polls++) {
                look(polls % POLLS_PER_SAMPLE == 0);
                LockSupport.parkNanos(POLL_NANOS);
            }
            look(true);
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    private void look(boolean sample) {
        arrivals.poll(ledger);
        if (sample) {
            Timeline.Sample taken = new Timeline.Sample(Clock.micros(), ledger.deliveries(), usage.get());
            timeline.add(taken);
            progress.show(taken, feed.offered());
        }
    }
}
