package io.posthaste.deliver.limit;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.job.Attempt;
import io.posthaste.job.Outcome;
import io.posthaste.job.RenderedRequest;
import io.posthaste.metrics.HostLoad;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Sinks;

class HostLimitsTest {
    private static final long BYTES = 500;

    private static final Outcome DELIVERED = new Outcome.Delivered(
            new Attempt(1, 0, 200, 1, "", ""), new RenderedRequest("POST", "", List.of(), new byte[0]), false);

    private final AtomicLong nanos = new AtomicLong();
    private final HostLimits limits = limits(1_000, 2);
    private final List<Outcome> outcomes = new ArrayList<>();
    private int started;

    @Test
    void anAttemptOverTheLimitIsGivenBackAtNoCost() {
        prove("slow.example:443");
        start("slow.example:443");
        start("slow.example:443");
        start("slow.example:443");

        assertThat(outcomes).singleElement().isInstanceOf(Outcome.Released.class);
    }

    @Test
    void oneHostsLimitIsNotAnothers() {
        prove("slow.example:443");
        start("slow.example:443");
        start("slow.example:443");
        start("quick.example:443");

        assertThat(outcomes).isEmpty();
        assertThat(limits.hosts()).isEqualTo(2);
    }

    @Test
    void anEndedAttemptMakesRoom() {
        prove("slow.example:443");
        Sinks.One<Outcome> first = start("slow.example:443");
        start("slow.example:443");

        first.tryEmitValue(DELIVERED);
        start("slow.example:443");

        assertThat(outcomes).containsExactly(DELIVERED);
    }

    @Test
    void aBrokenAttemptMakesRoomToo() {
        start("slow.example:443").tryEmitError(new IllegalStateException("bug"));

        assertThat(limits.hosts()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 429, 503})
    void aHostInTroubleIsLeftASixteenthOfItsPlacesAndGetsThemBackByAnswering(int status) {
        HostLimits wide = limits(1_000, 256);
        repeat(wide, 1, DELIVERED);

        repeat(wide, 100, retryAfter(status));

        assertThat(wide.heldBack()).containsExactly(new HostLoad("slow.example:443", 0, 16));

        repeat(wide, 240, DELIVERED);

        assertThat(wide.heldBack()).isEmpty();
        assertThat(wide.hosts()).isZero();
    }

    @Test
    void aFewFailuresAmongManyAnswersCostFewPlaces() {
        HostLimits wide = limits(1_000, 256);

        for (int i = 0; i < 50; i++) {
            repeat(wide, 1, retryAfter(503));
            repeat(wide, 99, DELIVERED);
        }

        assertThat(wide.heldBack()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 408, 409, 500})
    void anAnswerThatOnlySaysNoIsNoTroubleOfTheHosts(int status) {
        HostLimits wide = limits(1_000, 256);

        repeat(wide, 10, retryAfter(status));

        assertThat(wide.heldBack()).isEmpty();
    }

    @Test
    void onlyWhatAHostThatAnswersGivesBackSaysThatTooMuchIsClaimed() {
        prove("healthy.example:443");
        prove("slow.example:443");
        for (int i = 0; i < 5; i++) {
            start("healthy.example:443");
        }
        assertThat(limits.refusals()).isEqualTo(3);

        start("slow.example:443").tryEmitValue(retryAfter(0));
        for (int i = 0; i < 5; i++) {
            start("slow.example:443");
        }
        assertThat(outcomes).hasSize(8);
        assertThat(limits.refusals()).isEqualTo(3);
    }

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
    void aHostThatAnswersLeavesAQuarterOfAllBytesAndOneThatDoesNotHoldsASixteenth() {
        HostLimits heavy = new HostLimits(1_000, 256, 64_000_000, nanos::get); // 16 MB, each counted once
        assertThat(entered(heavy, "silent.example:443", 499_000, 100)).isEqualTo(2);

        prove(heavy, "good.example:443", "lane");

        assertThat(entered(heavy, "good.example:443", 499_000, 100)).isBetween(22, 24);
        assertThat(heavy.turnedAway("good.example:443", "lane", 499_000)).isPresent();
        prove(heavy, "next.example:443", "lane");
        assertThat(entered(heavy, "next.example:443", 499_000, 100)).isBetween(4, 6);
    }

    @Test
    void aLaneWhoseHostHoldsItsBytesIsClaimedAsManyJobsAsHaveRoom() {
        HostLimits heavy = new HostLimits(1_000, 256, 64_000_000, nanos::get);
        prove(heavy, "good.example:443", "lane");
        List<HostLimits.Place> places = new ArrayList<>();
        while (heavy.enter("good.example:443", "lane", 499_000) instanceof HostLimits.Place place) {
            places.add(place);
        }
        heavy.heldLanes();
        assertThat(heavy.heldLanes()).containsEntry("lane", 0);

        places.subList(0, 5).forEach(place -> place.leave(DELIVERED));

        assertThat(heavy.heldLanes().getOrDefault("lane", 0)).isGreaterThan(5);
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
    void aBodyLargerThanAHostsShareIsSentAlone() {
        HostLimits heavy = new HostLimits(1_000, 256, 64_000_000, nanos::get);
        assertThat(entered(heavy, "large.example:443", 10_000_000, 3)).isEqualTo(1);
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
    void aLaneWithNothingUnderWayWaitsForNoCrowd() {
        HostLimits wide = limits(10_000, 256);
        for (int i = 0; i < 1_000; i++) {
            start(wide, "silent-" + i + ".example:443", "crowd");
        }
        int before = started;
        start(wide, "other.example:443", "other");
        assertThat(started).isEqualTo(before + 1);
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
    void aHostIsGivenMoreWhileItUsesWhatItHas() {
        HostLimits wide = limits(10_000, 4_000);
        prove(wide, "h.example:443", "lane");
        for (int round = 0; round < 4; round++) {
            List<Sinks.One<Outcome>> attempts = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                attempts.add(start(wide, "h.example:443", "lane"));
            }
            attempts.forEach(attempt -> attempt.tryEmitValue(DELIVERED));
        }
        started = 0;
        for (int i = 0; i < 1_000; i++) {
            start(wide, "h.example:443", "lane");
        }

        assertThat(started).isBetween(150, 999);
    }

    @Test
    void whoIsTurnedAwayTakesNoPlaceAndComesAgain() {
        prove("h.example:443");
        assertThat(limits.turnedAway("h.example:443", "lane", BYTES)).isEmpty();
        assertThat(limits.turnedAway("unknown.example:443", "lane", BYTES)).isEmpty();

        start("h.example:443");
        start("h.example:443");

        assertThat(limits.turnedAway("h.example:443", "lane", BYTES)).containsInstanceOf(Outcome.Released.class);
        assertThat(limits.refusals()).isEqualTo(1);
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

    @Test
    void aLaneWhoseJobsAreGivenBackIsClaimedAFewAtATimeForASecond() {
        HostLimits shared = limits(8, 8);
        start(shared, "silent-1.example:443", "crowd");
        start(shared, "silent-2.example:443", "crowd");
        assertThat(shared.heldLanes()).as("too early to tell").isEmpty();
        nanos.addAndGet(300_000_000);
        start(shared, "silent-2.example:443", "crowd");
        assertThat(shared.heldLanes()).containsExactly(entry("crowd", 8));
        assertThat(shared.heldLanes()).containsExactly(entry("crowd", 0));
        nanos.addAndGet(26_000_000);
        assertThat(shared.heldLanes()).containsExactly(entry("crowd", 8));
        nanos.addAndGet(1_100_000_000);
        assertThat(shared.heldLanes()).isEmpty();
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

    @Test
    void hostsAreForgottenBeforeTheyFillTheMemory() {
        HostLimits wide = limits(1_000, 256);
        for (int i = 0; i < 30_000; i++) {
            prove(wide, "h-" + i + ".example:443", "lane");
            nanos.addAndGet(1_000_000);
        }
        assertThat(wide.remembered()).isLessThan(15_000);
    }

    private HostLimits limits(int all, int perHost) {
        return new HostLimits(all, perHost, 400_000_000, nanos::get);
    }

    private void prove(String host) {
        prove(limits, host, "lane");
    }

    private static void prove(HostLimits limits, String host, String lane) {
        place(limits, host, lane).leave(DELIVERED);
    }

    private static void repeat(HostLimits limits, int times, Outcome outcome) {
        for (int i = 0; i < times; i++) {
            place(limits, "slow.example:443", "lane").leave(outcome);
        }
    }

    private static Outcome retryAfter(int status) {
        return new Outcome.Retry(new Attempt(1, 0, status, 1, "why", ""), Duration.ofSeconds(11), null);
    }

    private Sinks.One<Outcome> start(String host) {
        return start(limits, host, "lane");
    }

    private Sinks.One<Outcome> start(HostLimits limits, String host, String lane) {
        Sinks.One<Outcome> attempt = Sinks.one();
        switch (limits.enter(host, lane, BYTES)) {
            case HostLimits.Refused refused -> outcomes.add(refused.outcome());
            case HostLimits.Place place -> {
                started++;
                attempt.asMono()
                        .doOnError(bug -> place.giveUp())
                        .subscribe(
                                outcome -> {
                                    place.leave(outcome);
                                    outcomes.add(outcome);
                                },
                                bug -> {});
            }
        }
        return attempt;
    }

    private static int entered(HostLimits limits, String host, long bytes, int tries) {
        int entered = 0;
        for (int i = 0; i < tries; i++) {
            entered += limits.enter(host, "lane", bytes) instanceof HostLimits.Place ? 1 : 0;
        }
        return entered;
    }

    private static HostLimits.Place place(HostLimits limits, String host, String lane) {
        return (HostLimits.Place) limits.enter(host, lane, BYTES);
    }
}
