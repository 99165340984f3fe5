package io.posthaste.deliver;

import io.posthaste.deliver.limit.Demand;
import io.posthaste.deliver.limit.Slots;
import io.posthaste.queue.Claim;
import io.posthaste.queue.JobQueue;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;

/**
 * Claims as many jobs as there are free slots and starts their deliveries; never dies, drains on stop.
 *
 * <p>One turn claims once; the next follows at once while more is due, after a short pause while slots are taken, and
 * otherwise when the doorbell rings or the queue expects something to come due, but never later than the idle poll: a
 * lost hint costs a poll, not a delivery. All fields without {@code volatile} belong to the loop's own thread.
 */
public final class DeliveryLoop {
    private static final Logger log = LoggerFactory.getLogger(DeliveryLoop.class);

    /** Pause while more is due but there is little room: one claim of many jobs is cheaper than many of one. */
    private static final Duration GATHER = Duration.ofMillis(3);

    /** Pause after a claim that took everything due: at a steady trickle, new work is found within a millisecond or two. */
    private static final Duration BUSY = Duration.ofMillis(1);

    /** How many times longer an idle loop pauses while nothing is in flight. */
    private static final int QUIET_POLLS = 5;

    /** Pause after a turn that failed for a reason nobody thought of. */
    private static final Duration AFTER_BUG = Duration.ofMillis(100);

    /** How long a stop waits for Redis to take what was ended last. */
    private static final Duration LAST_SETTLEMENTS = Duration.ofSeconds(2);

    private final JobQueue queue;
    private final DeliveryPipeline pipeline;
    private final Flights flights;
    private final Progress progress;
    private final Settings settings;
    private final Bugs bugs = new Bugs(log);
    private final Slots slots;
    private final Demand demand;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(run -> new Thread(run, "posthaste-claim"));

    private volatile boolean running;
    private boolean claiming;
    private long failures;
    private @Nullable ScheduledFuture<?> next;
    private boolean listening;
    private final Disposable.Swap doorbell = Disposables.swap();

    /**
     * @param maxInFlight deliveries in flight in this process
     * @param bytes of heap for the bodies of all of them
     * @param answerBytes of heap for large answers
     * @param batch most jobs one claim takes
     * @param idlePoll longest pause between two claims while something is in flight
     * @param maxReclaims how many leases of a job may run out before it ends
     */
    public record Settings(
            int maxInFlight, long bytes, long answerBytes, int batch, Duration idlePoll, int maxReclaims) {}

    /** @param workers run render and sign; never an event loop */
    public DeliveryLoop(
            JobQueue queue, DeliveryPipeline pipeline, Executor workers, Progress progress, Settings settings) {
        this.queue = queue;
        this.pipeline = pipeline;
        this.progress = progress;
        this.settings = settings;
        this.slots = new Slots(settings.maxInFlight(), settings.bytes(), settings.answerBytes());
        this.flights = new Flights(pipeline, workers, slots, bugs, settings.maxReclaims(), this::wake);
        this.demand = new Demand(settings.maxInFlight(), settings.batch());
    }

    public void start() {
        running = true;
        wake();
    }

    /** A hint that work may be due; may be called from any thread, as often as one likes. */
    public void wake() {
        if (running) {
            step(this::turn);
        }
    }

    /** Of heap, that the bodies of the deliveries in flight may take at most. */
    public long bytesInFlight() {
        return slots.takenBytes();
    }

    /** Deliveries started and not yet settled. */
    public int inFlight() {
        return slots.taken();
    }

    /**
     * Stops claiming, gives back what is not sent yet, and waits for the attempts in flight. Those that are not
     * answered in time are ended and settled as retries, so that another gateway takes them up at once.
     *
     * @return whether all of them were settled; the leases of the others run out and their jobs are sent again
     */
    public boolean stop(Duration patience) {
        running = false;
        doorbell.dispose();
        progress.stopping();
        pipeline.stopSending();
        boolean drained = awaitIdle(patience);
        if (!drained) {
            pipeline.abandonSending();
            drained = awaitIdle(LAST_SETTLEMENTS);
        }
        thread.shutdownNow();
        return drained;
    }

    /** Runs a step on the loop's thread. Whatever is thrown there is told and followed by another turn: the loop lives. */
    private void step(Runnable step) {
        thread.execute(() -> alive(step));
    }

    private void alive(Runnable step) {
        try {
            step.run();
        } catch (Throwable bug) {
            claiming = false;
            bugs.tell("claim.turn_failed", bug);
            schedule(AFTER_BUG);
        }
    }

    private void turn() {
        if (claiming || !running) {
            return;
        }
        int wanted = wanted();
        long room = slots.freeBytes();
        if (wanted == 0 || room <= 0) {
            schedule(GATHER);
            return;
        }
        claiming = true;
        queue.claim(wanted, room, pipeline.heldLanes()).subscribe(this::onClaim, this::onFailure);
    }

    private void onClaim(Claim claim) {
        // The reply arrives on the Redis connection's thread: slots are taken at once, the rest moves to our thread.
        flights.start(claim.leases());
        step(() -> claimed(claim));
    }

    private void onFailure(Throwable failure) {
        step(() -> failed(failure));
    }

    private void claimed(Claim claim) {
        claiming = false;
        failures = 0;
        progress.claimed(slots.taken());
        demand.adjust(pipeline.seen(slots.taken()), progress.nanoTime());
        if (claim.leases().isEmpty() && !claim.idleFor().isZero()) {
            listen();
        }
        schedule(pauseAfter(claim));
    }

    /** An idle loop hears of new work at once. Without the doorbell it would at its next poll. */
    private void listen() {
        if (!listening && running) {
            listening = true;
            doorbell.update(queue.doorbell().subscribe(rung -> {}, lost -> stopListening(), this::rung));
        }
    }

    private void rung() {
        stopListening();
        wake();
    }

    private void stopListening() {
        if (running) {
            step(() -> listening = false);
        }
    }

    private void failed(Throwable failure) {
        claiming = false;
        failures++;
        if (Long.bitCount(failures) == 1) {
            // The 1st, 2nd, 4th, 8th … in a row: an outage of an hour is a dozen lines, not a million.
            log.atWarn()
                    .addKeyValue("failures", failures)
                    .addKeyValue("cause", failure.toString())
                    .log("claim.failed");
        }
        schedule(Duration.ofMillis(Math.min(1000, 10L << Math.min(failures, 7))));
    }

    private int wanted() {
        return demand.beside(slots.taken(), pipeline.silent());
    }

    private Duration pauseAfter(Claim claim) {
        if (claim.idleFor().isZero()) {
            return wanted() >= settings.batch() / 2 ? Duration.ZERO : GATHER;
        }
        if (!claim.leases().isEmpty()) {
            return BUSY;
        }
        // Compared as durations: what Redis says of the future need not fit into nanoseconds.
        Duration wait = claim.idleFor().compareTo(BUSY) < 0 ? BUSY : claim.idleFor();
        return wait.compareTo(longestPause()) > 0 ? longestPause() : wait;
    }

    /** With nothing in flight here, only what somebody else did is left to be found. */
    private Duration longestPause() {
        return settings.idlePoll().multipliedBy(slots.taken() == 0 ? QUIET_POLLS : 1);
    }

    private void schedule(Duration pause) {
        if (next != null) {
            next.cancel(false);
        }
        if (running) {
            next = thread.schedule(() -> alive(this::turn), pause.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private boolean awaitIdle(Duration patience) {
        CountDownLatch idle = new CountDownLatch(1);
        var watching = thread.scheduleWithFixedDelay(() -> countDownWhenIdle(idle), 0, 5, TimeUnit.MILLISECONDS);
        try {
            return idle.await(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            watching.cancel(false);
        }
    }

    private void countDownWhenIdle(CountDownLatch idle) {
        if (!claiming && slots.taken() == 0) {
            idle.countDown();
        }
    }
}
