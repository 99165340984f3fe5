package io.posthaste.deliver.limit;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.job.Outcome;
import io.posthaste.metrics.HostLoad;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Sinks;

class HostLimitsTest extends HostLimitsCase {
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
    void aBodyLargerThanAHostsShareIsSentAlone() {
        HostLimits heavy = new HostLimits(1_000, 256, 64_000_000, nanos::get);
        assertThat(entered(heavy, "large.example:443", 10_000_000, 3)).isEqualTo(1);
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

    @Test
    void hostsAreForgottenBeforeTheyFillTheMemory() {
        HostLimits wide = limits(1_000, 256);
        for (int i = 0; i < 30_000; i++) {
            prove(wide, "h-" + i + ".example:443", "lane");
            nanos.addAndGet(1_000_000);
        }
        assertThat(wide.remembered()).isLessThan(15_000);
    }

    private static void repeat(HostLimits limits, int times, Outcome outcome) {
        for (int i = 0; i < times; i++) {
            place(limits, "slow.example:443", "lane").leave(outcome);
        }
    }
}
