package io.posthaste.deliver.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.job.Outcome;
import io.posthaste.metrics.HostLoad;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Sinks;

/** Hosts and lanes that do not answer, and what they leave to the others. */
class SilentHostsTest extends HostLimitsCase {
    @Test
    void hostsThatNeverAnswerShareAQuarterOfAllPlaces() {
        HostLimits shared = limits(80, 8);
        prove(shared, "good.example:443", "lane-7");
        for (int i = 0; i < 100; i++) {
            start(shared, "silent-" + i + ".example:443", "lane-" + i % 50);
        }
        assertThat(started).isBetween(15, 20);
        assertThat(outcomes).hasSize(100 - started).allMatch(Outcome.Released.class::isInstance);
        assertThat(shared.refusals()).isZero();

        int before = outcomes.size();
        for (int i = 0; i < 8; i++) {
            start(shared, "good.example:443", "lane-7");
        }
        assertThat(outcomes).hasSize(before);
    }

    @Test
    void oneLaneLeavesRoomForTheNewHostsOfOthers() {
        HostLimits shared = limits(400, 256);
        for (int i = 0; i < 1_000; i++) {
            start(shared, "silent-" + i + ".example:443", "crowd");
        }
        assertThat(started).isEqualTo(50);
        nanos.addAndGet(500_000_000);
        for (int i = 0; i < 20; i++) {
            start(shared, "new-" + i + ".example:443", "other");
        }
        assertThat(started).isEqualTo(70);
    }

    @Test
    void aCrowdOfNewHostsIsMetAFewAtATime() {
        HostLimits wide = limits(10_000, 256);
        for (int i = 0; i < 1_000; i++) {
            start(wide, "new-" + i + ".example:443", "crowd");
        }
        int first = started;
        assertThat(first).isBetween(60, 70);
        assertThat(lastDelay()).isBetween(Duration.ofMillis(500), Duration.ofSeconds(1));
        assertThat(wide.heldLanes()).containsKey("crowd");

        nanos.addAndGet(Duration.ofMillis(20).toNanos());
        for (int i = 0; i < 100; i++) {
            start(wide, "more-" + i + ".example:443", "crowd");
        }
        assertThat(started - first).isBetween(9, 11);
    }

    @Test
    void hostsThatDoNotAnswerShareAQuarterOfAllBytes() {
        HostLimits heavy = new HostLimits(1_000, 256, 64_000_000, nanos::get);
        int all = 0;
        for (int i = 0; i < 100; i++) {
            all += entered(heavy, "silent-" + i + ".example:443", 500_000, 4);
        }
        assertThat(all).isEqualTo(8);
    }

    @Test
    void newHostsThatAnswerMakeRoomForTheNextAtOnce() {
        HostLimits wide = limits(10_000, 256);
        start(wide, "silent.example:443", "crowd");
        for (int i = 0; i < 1_000; i++) {
            start(wide, "new-" + i + ".example:443", "crowd").tryEmitValue(DELIVERED);
        }
        assertThat(started).isEqualTo(1_001);
    }

    @Test
    void aHostThatAnsweredNothingSinceAnAttemptBeganIsProvenNoMore() {
        HostLimits wide = limits(10_000, 256);
        prove(wide, "h.example:443", "lane");
        Sinks.One<Outcome> long1 = start(wide, "h.example:443", "lane");
        nanos.addAndGet(1_000);
        prove(wide, "h.example:443", "lane");
        nanos.addAndGet(1_000);
        long1.tryEmitValue(retryAfter(0));
        for (int i = 0; i < 50; i++) {
            start(wide, "h.example:443", "lane");
        }
        assertThat(outcomes.stream().filter(Outcome.Released.class::isInstance)).isEmpty();

        Sinks.One<Outcome> long2 = start(wide, "h.example:443", "lane");
        nanos.addAndGet(1_000);
        long2.tryEmitValue(retryAfter(0));
        start(wide, "h.example:443", "lane");
        assertThat(outcomes.getLast()).isInstanceOf(Outcome.Released.class);
        assertThat(wide.heldBack()).extracting(HostLoad::limit).containsExactly(16);
    }

    @Test
    void aHostThatHangsTakesNoMoreThanTwiceWhatItUsed() {
        HostLimits wide = limits(10_000, 4_000);
        for (int i = 0; i < 5_000; i++) {
            prove(wide, "h.example:443", "lane");
        }
        for (int i = 0; i < 1_000; i++) {
            start(wide, "h.example:443", "lane");
        }

        assertThat(outcomes).hasSize(1_000 - HostWindow.START);
    }

    @Test
    void aLaneThatItsHostDoesNotAnswerHoldsAnEighthOfItsPlaces() {
        HostLimits wide = limits(10_000, 256);
        answerOthersWhile(wide, () -> start(wide, "h.example:443", "hanging"));
        int before = started;

        for (int i = 0; i < 300; i++) {
            start(wide, "h.example:443", "hanging");
        }

        assertThat(started - before).isEqualTo(256 / 8);
        assertThat(lastDelay()).isBetween(Duration.ofMillis(500), Duration.ofSeconds(2));
        assertThat(wide.refusals()).as("that the others are claimed too much").isZero();
        assertThat(wide.heldLanes()).containsOnlyKeys("hanging");
        assertThat(wide.silent()).isEqualTo(256 / 8);
        for (int i = 0; i < 200; i++) {
            assertThat(wide.enter("h.example:443", "answered", BYTES)).isInstanceOf(HostLimits.Place.class);
        }
    }

    @ParameterizedTest
    @CsvSource({"20, false", "2, true"})
    void whatSeveralAttemptsOfALaneHangOnAloneIsNoTroubleOfItsHost(int hanging, boolean trouble) {
        HostLimits wide = limits(10_000, 256);
        List<Sinks.One<Outcome>> attempts = new ArrayList<>();
        answerOthersWhile(wide, () -> {
            while (attempts.size() < hanging) {
                attempts.add(start(wide, "h.example:443", "hanging"));
            }
        });

        attempts.getFirst().tryEmitValue(retryAfter(0));

        assertThat(wide.heldBack().isEmpty()).isEqualTo(!trouble);
    }

    @Test
    void aLaneThatIsAnsweredAgainGetsAllPlacesAgain() {
        HostLimits wide = limits(10_000, 256);
        List<Sinks.One<Outcome>> hanging = new ArrayList<>();
        answerOthersWhile(wide, () -> hanging.add(start(wide, "h.example:443", "hanging")));

        hanging.getFirst().tryEmitValue(DELIVERED);
        outcomes.clear();
        for (int i = 0; i < 200; i++) {
            start(wide, "h.example:443", "hanging");
        }

        assertThat(outcomes).isEmpty();
    }

    @Test
    void aHostThatStopsAnsweringEverybodyIsProvenNoMoreHoweverSilentALaneWasBefore() {
        HostLimits wide = limits(10_000, 256);
        answerOthersWhile(wide, () -> start(wide, "h.example:443", "hanging"));
        HostLimits.Place last = place(wide, "h.example:443", "hanging");
        nanos.addAndGet(1_000_000_000);

        last.leave(retryAfter(0));

        assertThat(wide.heldBack()).extracting(HostLoad::limit).containsExactly(16);
    }

    /** Something, and then a second of answers to another, of a host that has all its places. */
    private void answerOthersWhile(HostLimits wide, Runnable attempt) {
        fill(wide, 256);
        attempt.run();
        for (int i = 0; i < 10; i++) {
            nanos.addAndGet(100_000_000);
            prove(wide, "h.example:443", "answered");
        }
    }

    /** Answers until the host has all its places. */
    private static void fill(HostLimits limits, int most) {
        List<HostLimits.Place> places = new ArrayList<>();
        for (int i = 0; i < 4 * most; i++) {
            if (places.size() > most / 2) {
                places.removeFirst().leave(DELIVERED);
            }
            if (limits.enter("h.example:443", "answered", BYTES) instanceof HostLimits.Place place) {
                places.add(place);
            } else {
                places.removeFirst().leave(DELIVERED);
            }
        }
        places.forEach(place -> place.leave(DELIVERED));
    }

    @Test
    void silentAttemptsAreCountedApart() {
        HostLimits shared = limits(400, 256);
        for (int i = 0; i < 10; i++) {
            start(shared, "silent-" + i + ".example:443", "crowd");
        }
        assertThat(shared.silent()).isZero();

        nanos.addAndGet(1_500_000_000);
        assertThat(shared.silent()).isEqualTo(10);
    }

    /** A burst to a host that nobody knows yet: what has no place comes again as soon as an answer may be there. */
    @Test
    void whatANewHostHasNoPlaceForComesAgainAfterAsLongAsItHasBeenSilent() {
        HostLimits wide = limits(10_000, 256);
        for (int i = 0; i < 16; i++) {
            start(wide, "new.example:443", "lane");
        }
        start(wide, "new.example:443", "lane");
        assertThat(lastDelay()).isBetween(Duration.ofMillis(20), Duration.ofMillis(40));

        nanos.addAndGet(150_000_000);
        start(wide, "new.example:443", "lane");
        assertThat(lastDelay()).isBetween(Duration.ofMillis(150), Duration.ofMillis(300));

        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        start(wide, "new.example:443", "lane");
        assertThat(lastDelay()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
    }

    private Duration lastDelay() {
        return ((Outcome.Released) outcomes.getLast()).delay();
    }
}
