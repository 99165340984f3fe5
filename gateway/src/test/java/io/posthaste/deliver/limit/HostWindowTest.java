package io.posthaste.deliver.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class HostWindowTest {
    private static final int MOST = 1_000;

    private long millis;

    @Test
    void startsSmallAndDoublesWithEachRoundOfAnswers() {
        HostWindow window = HostWindow.first(MOST);
        assertThat(window.limit()).isEqualTo(64);

        window = succeeded(window, 64, 200);
        assertThat(window.limit()).isEqualTo(128);
        assertThat(succeeded(window, 10_000, 200).limit()).isEqualTo(MOST);
        assertThat(HostWindow.first(10).limit()).isEqualTo(10);
    }

    @Test
    void aReceiverThatQueuesWhatItGetsIsGivenNoMoreThanItCanServe() {
        // Serves 100 at once in 100 ms each; what is beyond waits its turn.
        HostWindow window = HostWindow.first(MOST);
        for (int i = 0; i < 20_000; i++) {
            window = window.succeeded(Math.max(100, window.limit()), MOST, MOST, ++millis * 1_000_000);
        }

        assertThat(window.limit()).isBetween(150, 400);
    }

    @Test
    void aReceiverThatBecomesMuchSlowerIsGivenLessButNeverLessThanAtTheStart() {
        HostWindow window = succeeded(HostWindow.first(MOST), 2_000, 20);
        assertThat(window.limit()).isEqualTo(MOST);

        window = succeeded(window, 80, 2_000);
        assertThat(window.limit()).isLessThan(MOST);
        assertThat(window.isInTrouble()).isFalse();
    }

    @Test
    void aLongTailOfLatenciesHoldsNobodyBack() {
        Random random = new Random(7);
        HostWindow window = HostWindow.first(MOST);
        for (int i = 0; i < 5_000; i++) {
            window = window.succeeded(
                    (long) (100 * Math.exp(1.29 * random.nextGaussian())), MOST, MOST, ++millis * 1_000_000);
        }

        assertThat(window.limit()).isGreaterThan(MOST * 9 / 10);
    }

    @Test
    void whoIsSlowerForGoodStartsAgainAfterHalfAMinute() {
        HostWindow window = succeeded(HostWindow.first(MOST), 2_000, 20);
        window = succeeded(window, 29_000, 200);
        assertThat(window.limit()).isEqualTo(HostWindow.START);
        assertThat(window.isGrowing(MOST)).isFalse();

        assertThat(succeeded(window, 3_000, 200).limit()).isEqualTo(MOST);
    }

    @Test
    void troubleTakesAnEighthAndIsOverWhenAnswersHaveBroughtItBack() {
        HostWindow window = succeeded(HostWindow.first(MOST), 2_000, 20).failed(16);
        assertThat(window.limit()).isEqualTo(875);
        assertThat(window.isInTrouble()).isTrue();

        assertThat(succeeded(window, 124, 20).isInTrouble()).isTrue();
        assertThat(succeeded(window, 125, 20).isInTrouble()).isFalse();
    }

    @Test
    void aDeadHostKeepsTheLeast() {
        HostWindow window = HostWindow.first(MOST);
        for (int i = 0; i < 100; i++) {
            window = window.failed(16);
        }

        assertThat(window.limit()).isEqualTo(16);
    }

    /** One a millisecond. */
    private HostWindow succeeded(HostWindow window, int times, long elapsedMillis) {
        HostWindow then = window;
        for (int i = 0; i < times; i++) {
            then = then.succeeded(elapsedMillis, MOST, MOST, ++millis * 1_000_000);
        }
        return then;
    }
}
