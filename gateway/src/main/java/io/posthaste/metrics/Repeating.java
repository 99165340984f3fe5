package io.posthaste.metrics;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Work that is done again and again until it is disposed of, whatever a turn throws. One turn runs at a time; turns that
 * come while it does are left out. Failures in a row are told of at the 1st, 2nd, 4th and so on.
 */
public final class Repeating {
    private static final Logger log = LoggerFactory.getLogger(Repeating.class);

    /** A turn whose end never comes, because an error of the virtual machine swallowed it, is given up then. */
    public static final Duration LONGEST_TURN = Duration.ofMinutes(10);

    /** Of those who share a loop. */
    private static final int AT_A_TIME = 4;

    private final String name;
    private final Scheduler timer;
    private final Supplier<? extends Publisher<?>> turn;

    /** Turns never overlap, so nothing else touches it meanwhile; the scheduler hands it from thread to thread. */
    private long failures;

    private Repeating(String name, Scheduler timer, Supplier<? extends Publisher<?>> turn) {
        this.name = name;
        this.timer = timer;
        this.turn = turn;
    }

    /**
     * @param name what the log calls the loop
     * @param turn starts one turn; called on the timer's threads
     */
    public static Disposable every(
            String name, Duration first, Duration period, Scheduler timer, Supplier<? extends Publisher<?>> turn) {
        Repeating loop = new Repeating(name, timer, turn);
        return Flux.interval(first, period, timer)
                .onBackpressureDrop()
                .concatMap(tick -> loop.turn(), 1)
                .subscribe();
    }

    /**
     * The same for a loop that many processes run, of which a few turn each time: together they cost what they look at the
     * same, however many there are.
     *
     * @param sharers how many there are, this one among them
     */
    public static Disposable everyShared(
            String name,
            Duration first,
            Duration period,
            Scheduler timer,
            IntSupplier sharers,
            Supplier<? extends Publisher<?>> turn) {
        AtomicLong ticks = new AtomicLong();
        return every(
                name,
                first,
                period,
                timer,
                () -> ticks.getAndIncrement() % Math.ceilDiv(sharers.getAsInt(), AT_A_TIME) == 0
                        ? turn.get()
                        : Mono.empty());
    }

    /**
     * One turn of a loop that sets its own pace: it ends, at the latest after {@code longest}, whatever is thrown.
     * Reactor lets errors of the virtual machine through, those of a class that does not link, say: thrown as the turn
     * starts they would end the loop in silence, thrown in the midst of it nothing would ever follow.
     */
    public static <T> Mono<T> ending(Supplier<Mono<T>> turn, Duration longest, Scheduler timer) {
        return Mono.defer(() -> started(turn)).timeout(longest, timer);
    }

    private Mono<Void> turn() {
        return ending(() -> Mono.when(turn.get()), LONGEST_TURN, timer)
                .doOnSuccess(done -> failures = 0)
                .onErrorResume(failure -> {
                    tell(failure);
                    return Mono.empty();
                });
    }

    private static <T> Mono<T> started(Supplier<Mono<T>> turn) {
        try {
            return turn.get();
        } catch (Throwable bug) {
            return Mono.error(new IllegalStateException("a turn did not start", bug));
        }
    }

    private void tell(Throwable failure) {
        failures++;
        if (Long.bitCount(failures) == 1) {
            log.atError()
                    .addKeyValue("loop", name)
                    .addKeyValue("failures", failures)
                    .setCause(failure)
                    .log("loop.turn_failed");
        }
    }
}
