package io.posthaste.deliver;

import io.posthaste.deliver.limit.ClaimTerms;
import io.posthaste.deliver.limit.Demand;
import io.posthaste.deliver.limit.Slots;
import io.posthaste.job.Lease;
import io.posthaste.queue.JobQueues;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims as many jobs as there are free slots and starts their deliveries; never dies, drains on stop. Slots and bytes are
 * the process's: each shard has a {@link Claimer} and a fair share of them.
 */
public final class DeliveryLoop {
    private static final Logger log = LoggerFactory.getLogger(DeliveryLoop.class);

    /** Of a batch, that a claimer asks for at least while others want slots, too: a quarter. */
    private static final int LEAST_SHARE = 4;

    /** Between two looks at who polls what, and into shards that others poll. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    /** Pause after a turn that failed for a reason nobody thought of. */
    private static final Duration AFTER_BUG = Duration.ofMillis(100);

    /** How long a stop waits for Redis to take what was ended last. */
    private static final Duration LAST_SETTLEMENTS = Duration.ofSeconds(2);

    private final DeliveryPipeline pipeline;
    private final Flights flights;
    private final JobQueues queues;
    private final Progress progress;
    private final Settings settings;
    private final Bugs bugs = new Bugs(log);
    private final Slots slots;
    private final Demand demand;
    private final List<Claimer> claimers = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(run -> new Thread(run, "posthaste-claim"));

    private volatile boolean running;
    private int turn;
    private int lookedInto;

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
            JobQueues queues, DeliveryPipeline pipeline, Executor workers, Progress progress, Settings settings) {
        this.queues = queues;
        this.pipeline = pipeline;
        this.progress = progress;
        this.settings = settings;
        this.slots = new Slots(settings.maxInFlight(), settings.bytes(), settings.answerBytes());
        this.flights = new Flights(pipeline, workers, slots, bugs, settings.maxReclaims(), this::wake, this::wake);
        this.demand = new Demand(settings.maxInFlight(), settings.batch());
        this.claimers.addAll(claimersFrom(0));
    }

    private List<Claimer> claimersFrom(int place) {
        return queues.each(place, (queue, duty) -> new Claimer(queue, duty, this));
    }

    public void start() {
        running = true;
        claimers.forEach(claimer -> step(claimer, claimer::turn));
        queues.follow(() -> {
            if (running) {
                thread.execute(this::grow);
            }
        });
        var unused = thread.scheduleWithFixedDelay(this::look, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** There are more shards. */
    private void grow() {
        for (Claimer claimer : claimersFrom(claimers.size())) {
            claimers.add(claimer);
            alive(claimer, claimer::turn);
        }
    }

    /** Wakes the claimers of shards that are this gateway's by now, and one of those that are not. */
    private void look() {
        if (claimers.size() == 1) {
            return;
        }
        claimers.stream()
                .filter(claimer -> claimer.isAsleep() && claimer.isPolling())
                .forEach(claimer -> alive(claimer, claimer::turn));
        lookedInto = turnOfNext(lookedInto, Claimer::isAsleep);
    }

    /** There is room again; the shards that are polled take turns at it. */
    private void wake() {
        if (running) {
            thread.execute(() -> turn = turnOfNext(turn, Claimer::isPolling));
        }
    }

    /** Something more of this shard may be due now. */
    private void wake(String shard) {
        int place = queues.tags().indexOf(shard);
        if (place >= 0 && place < claimers.size()) {
            Claimer claimer = claimers.get(place);
            step(claimer, claimer::turnAgain);
        }
    }

    /** The next one after this that is wanted has its turn. Answers its place, or this when there is none. */
    private int turnOfNext(int place, Predicate<Claimer> wanted) {
        for (int i = 1; i <= claimers.size(); i++) {
            int next = (place + i) % claimers.size();
            Claimer claimer = claimers.get(next);
            if (wanted.test(claimer)) {
                alive(claimer, claimer::turn);
                return next;
            }
        }
        return place;
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
        claimers.forEach(Claimer::stop);
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

    boolean isRunning() {
        return running;
    }

    /** Those who poll the same shards look by turns: all of them together as often as one alone. */
    Duration idlePoll() {
        return settings.idlePoll().multipliedBy(queues.pollers());
    }

    /** As {@link JobQueues#pauses()}. */
    int pauses() {
        return queues.pauses();
    }

    int halfBatch() {
        return settings.batch() / 2;
    }

    /** As {@link DeliveryPipeline#terms}. */
    ClaimTerms terms() {
        return pipeline.terms();
    }

    /** How many jobs this claimer may ask for: its share, beside what the others have asked for and do not have yet. */
    int wantedBy(Claimer claimer) {
        int asked = 0;
        int hungry = 1;
        long now = nanoTime();
        for (Claimer other : claimers) {
            if (other != claimer) {
                asked += other.asked(now);
                hungry += other.isHungry() && !other.isClaiming() ? 1 : 0;
            }
        }
        // What only waits for a Redis that does not answer keeps nothing from the receivers of the other shards.
        int wanted = demand.beside(slots.taken() + asked, pipeline.silent() + queues.unsettled());
        // A claim costs Redis much beside its jobs: rather many jobs from some shards in turn than few from each.
        return Math.max((wanted + hungry - 1) / hungry, Math.min(wanted, settings.batch() / LEAST_SHARE));
    }

    long nanoTime() {
        return progress.nanoTime();
    }

    /** Bytes of bodies that one claimer may ask for. */
    long room() {
        return slots.freeBytes() / Math.max(1, queues.polled());
    }

    /** Starts the deliveries of what was claimed; from any thread. */
    void take(List<Lease> leases) {
        flights.start(leases);
    }

    /** A claim was answered. */
    void claimed() {
        progress.claimed(slots.taken());
        demand.adjust(pipeline.seen(slots.taken()), progress.nanoTime());
    }

    /** Runs a step of a claimer on the loop's thread. Whatever is thrown there is told and followed by another turn. */
    void step(Claimer claimer, Runnable step) {
        if (!thread.isShutdown()) {
            thread.execute(() -> alive(claimer, step));
        }
    }

    /** Null when there is no later. */
    @Nullable
    ScheduledFuture<?> later(Claimer claimer, Duration pause) {
        return running
                ? thread.schedule(() -> alive(claimer, claimer::turn), pause.toNanos(), TimeUnit.NANOSECONDS)
                : null;
    }

    private void alive(Claimer claimer, Runnable step) {
        try {
            step.run();
        } catch (Throwable bug) {
            bugs.tell("claim.turn_failed", bug);
            claimer.afterBug(AFTER_BUG);
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
        if (claimers.stream().noneMatch(Claimer::isClaiming) && slots.taken() == 0) {
            idle.countDown();
        }
    }
}
