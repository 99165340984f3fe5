package io.posthaste.deliver;

import io.posthaste.deliver.limit.ClaimTerms;
import io.posthaste.queue.Assignment.Duty;
import io.posthaste.queue.Claim;
import io.posthaste.queue.JobQueue;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;

/**
 * Claims from one shard, turn by turn; a shard that does not answer holds up no other.
 *
 * <p>One turn claims once; the next follows at once while more is due, after a short pause while slots are taken, and
 * otherwise when the doorbell rings or the queue expects something to come due, but never later than the idle poll: a
 * lost hint costs a poll, not a delivery. A shard that another gateway polls is only looked into, and claimed from on and on
 * while there is more than the other takes. All fields belong to the loop's thread.
 */
final class Claimer {
    private static final Logger log = LoggerFactory.getLogger(DeliveryLoop.class);

    /** Pause while more is due but there is little room: one claim of many jobs is cheaper than many of one. */
    private static final Duration GATHER = Duration.ofMillis(3);

    /** Pause after a claim that took everything due: at a steady trickle, new work is found within a millisecond or two. */
    private static final Duration BUSY = Duration.ofMillis(1);

    /** How many times longer an idle loop pauses while nothing is in flight. */
    private static final int QUIET_POLLS = 5;

    /** A claim that takes longer is one of a shard in trouble: what it asked for is no longer kept from the others. */
    private static final long OVERDUE_NANOS = 200_000_000;

    /** Pause between two looks into a shard whose gateway may vanish. */
    private static final Duration STAND_IN = Duration.ofSeconds(1);

    private final JobQueue queue;
    private final Supplier<Duty> duty;
    private final DeliveryLoop loop;
    private final Disposable.Swap doorbell = Disposables.swap();
    private boolean claiming;
    private boolean hungry;
    private boolean missed;
    private int asked;
    private long askedAt;
    private long failures;
    private @Nullable ScheduledFuture<?> next;
    private boolean listening;

    /** @param duty what is to be done about this shard now */
    Claimer(JobQueue queue, Supplier<Duty> duty, DeliveryLoop loop) {
        this.queue = queue;
        this.duty = duty;
        this.loop = loop;
    }

    /** Whether it claims again and again: by duty, or because there is more than somebody else takes. */
    boolean isPolling() {
        return hungry || duty.get() == Duty.POLLS;
    }

    /** Whether nothing will make it claim by itself. */
    boolean isAsleep() {
        return !claiming && next == null;
    }

    boolean isClaiming() {
        return claiming;
    }

    /** Whether more was due than the last claim took. */
    boolean isHungry() {
        return hungry;
    }

    /** Slots that are kept for the claim under way. */
    int asked(long now) {
        return now - askedAt < OVERDUE_NANOS ? asked : 0;
    }

    void turn() {
        if (claiming || !loop.isRunning()) {
            return;
        }
        cancelNext();
        int wanted = loop.wantedBy(this);
        long room = loop.room();
        if (wanted == 0 || room <= 0) {
            schedule(GATHER);
            return;
        }
        claiming = true;
        // Whether Redis is back is found out with one job: it may be a while until that is answered.
        asked = failures == 0 ? wanted : 1;
        askedAt = loop.nanoTime();
        ClaimTerms terms = loop.terms();
        queue.claim(asked, room, terms.limits())
                .subscribe(claim -> onClaim(claim, terms), failure -> onFailure(failure, terms));
    }

    /** Something came due that the claim under way may have missed. */
    void turnAgain() {
        missed = claiming;
        turn();
    }

    /** A turn ended in a way that nobody thought of. */
    void afterBug(Duration pause) {
        claimed();
        schedule(pause);
    }

    void stop() {
        doorbell.dispose();
    }

    private void onClaim(Claim claim, ClaimTerms terms) {
        // The reply arrives on the Redis connection's thread: slots are taken at once, the rest moves to our thread.
        terms.answered(claim.leases());
        loop.take(claim.leases());
        loop.step(this, () -> claimed(claim));
    }

    private void onFailure(Throwable failure, ClaimTerms terms) {
        terms.answered(List.of());
        loop.step(this, () -> failed(failure));
    }

    private void claimed() {
        claiming = false;
        asked = 0;
    }

    private void claimed(Claim claim) {
        claimed();
        failures = 0;
        hungry = claim.idleFor().isZero();
        loop.claimed();
        if (claim.leases().isEmpty() && isPolling() && !hungry) {
            listen();
        }
        schedule(pauseAfter(claim));
    }

    /** An idle loop hears of new work at once. Without the doorbell it would at its next poll. */
    private void listen() {
        if (!listening && loop.isRunning()) {
            listening = true;
            doorbell.update(queue.doorbell().subscribe(rung -> {}, lost -> stopListening(), this::rung));
        }
    }

    private void rung() {
        stopListening();
        loop.step(this, this::turn);
    }

    private void stopListening() {
        loop.step(this, () -> listening = false);
    }

    private void failed(Throwable failure) {
        claimed();
        hungry = false;
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

    private Duration pauseAfter(Claim claim) {
        if (missed) {
            missed = false;
            return Duration.ZERO;
        }
        if (hungry) {
            return loop.wantedBy(this) >= loop.halfBatch() ? Duration.ZERO : GATHER;
        }
        Duration busy = BUSY.multipliedBy(loop.pauses());
        if (!claim.leases().isEmpty()) {
            return busy;
        }
        // Compared as durations: what Redis says of the future need not fit into nanoseconds.
        Duration wait = claim.idleFor().compareTo(busy) < 0 ? busy : claim.idleFor();
        return wait.compareTo(longestPause()) > 0 ? longestPause() : wait;
    }

    /** With nothing in flight here, only what somebody else did is left to be found. */
    private Duration longestPause() {
        return loop.idlePoll().multipliedBy(loop.inFlight() == 0 ? QUIET_POLLS : 1);
    }

    /** One turn is to come at a time: those that somebody else begins would otherwise add up. */
    private void cancelNext() {
        if (next != null) {
            next.cancel(false);
            next = null;
        }
    }

    private void schedule(Duration pause) {
        cancelNext();
        Duty now = hungry ? Duty.POLLS : duty.get();
        if (now != Duty.LOOKS_IN) {
            next = loop.later(this, now == Duty.POLLS ? pause : STAND_IN);
        }
    }
}
