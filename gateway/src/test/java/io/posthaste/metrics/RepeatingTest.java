package io.posthaste.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

class RepeatingTest {
    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final List<Integer> turns = new ArrayList<>();

    static List<Supplier<Mono<Void>>> failures() {
        return List.of(
                () -> Mono.error(new IllegalStateException("answered")),
                () -> {
                    throw new IllegalStateException("thrown");
                },
                () -> {
                    throw new NoClassDefFoundError("com/example/Missing");
                },
                () -> {
                    throw new StackOverflowError();
                });
    }

    @ParameterizedTest
    @MethodSource("failures")
    void theNextTurnComesWhateverTheLastOneThrew(Supplier<Mono<Void>> failure) {
        start(failure);

        timer.advanceTimeBy(Duration.ofSeconds(3));

        assertThat(turns).hasSize(4);
    }

    @Test
    void aTurnThatNeverEndsIsGivenUp() {
        start(Mono::never);

        timer.advanceTimeBy(Duration.ofMinutes(21));

        assertThat(turns).hasSize(3);
    }

    @Test
    void aTurnOfALoopWithItsOwnPaceEndsWhateverIsThrownInTheMidstOfIt() {
        // Not the virtual scheduler, which throws such an error at whoever moves its time.
        Scheduler real = Schedulers.newSingle("turns");
        Mono<Long> turn = Repeating.ending(
                () -> Mono.delay(Duration.ofMillis(1), real).doOnNext(soon -> {
                    throw new NoClassDefFoundError("com/example/Missing");
                }),
                Duration.ofMillis(50),
                real);

        assertThatThrownBy(turn::block).hasRootCauseInstanceOf(TimeoutException.class);
        real.dispose();
    }

    @Test
    void noTurnComesAfterItIsDisposedOf() {
        Disposable loop = start(Mono::empty);
        timer.advanceTimeBy(Duration.ofSeconds(1));
        loop.dispose();

        timer.advanceTimeBy(Duration.ofSeconds(3));

        assertThat(turns).hasSize(2);
    }

    private Disposable start(Supplier<Mono<Void>> turn) {
        return Repeating.every("test", Duration.ZERO, Duration.ofSeconds(1), timer, () -> {
            turns.add(turns.size());
            return turn.get();
        });
    }
}
