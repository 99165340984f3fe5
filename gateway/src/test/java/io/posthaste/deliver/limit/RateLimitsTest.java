package io.posthaste.deliver.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.deliver.limit.RateLimits.Grant;
import io.posthaste.deliver.limit.RateLimits.Limit;
import io.posthaste.job.Outcome;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

class RateLimitsTest {
    private static final String HOST = "api.example.com:443";
    private static final long MILLI = 1_000_000;

    private long now = 1_000 * MILLI;
    private final Giver giver = new Giver();
    private final HostLimits places = new HostLimits(1_000, 100, 4_000_000, () -> now);
    private final RateLimits rates = new RateLimits(giver, () -> now, Schedulers.immediate());
    private final HostGate gate = new HostGate(places, rates);

    /** Gives a bucket's worth as Redis would, at once or when it is told to. */
    private static final class Giver implements RateLimits.Source {
        private final Map<String, Double> limits = new HashMap<>(Map.of(HOST, 100.0));
        private final Deque<Sinks.One<Grant>> held = new ArrayDeque<>();
        private final List<Integer> asked = new ArrayList<>();
        private int left = Integer.MAX_VALUE;
        private long next = 10 * MILLI;
        private boolean holds;

        @Override
        public @Nullable Limit limitOf(String hostKey) {
            Double limit = limits.get(hostKey);
            return limit == null ? null : new Limit(hostKey, limit);
        }

        @Override
        public @Nullable Limit limitNamed(String name) {
            return limitOf(name);
        }

        @Override
        public Mono<Grant> lease(Limit limit, int wanted) {
            asked.add(wanted);
            if (holds) {
                Sinks.One<Grant> answer = Sinks.one();
                held.add(answer);
                return answer.asMono();
            }
            int given = Math.min(wanted, left);
            left -= given;
            return Mono.just(new Grant(given, given < wanted ? next : 0));
        }
    }

    @Test
    void aHostWithoutALimitAsksNobody() {
        giver.limits.clear();

        for (int i = 0; i < 50; i++) {
            HostLimits.Entry entry = enter("lane");
            assertThat(entry).isInstanceOf(HostLimits.Place.class);
            ((HostLimits.Place) entry).giveUp();
        }
        assertThat(giver.asked).isEmpty();
        assertThat(gate.terms().limits()).isEmpty();
    }

    @Test
    void aCallBringsAPortionAndNotOneToken() {
        giver.limits.put(HOST, 10_000.0);
        int sent = 0;
        for (int millis = 0; millis < 1_000; millis++) {
            now += MILLI;
            for (int i = 0; i < 5; i++) {
                HostLimits.Place place = (HostLimits.Place) enter("lane");
                place.giveUp();
                sent++;
            }
        }

        assertThat(sent).isEqualTo(5_000);
        assertThat(giver.asked).hasSizeLessThan(60);
        // What was asked for ahead and not used is little.
        assertThat(giver.asked.stream().mapToInt(n -> n).sum()).isLessThan(5_300);
    }

    @Test
    void jobsThatComeWhileOneIsAskedForWaitForTheSameAnswer() {
        giver.holds = true;
        List<HostLimits.Entry> entries = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            gate.enter(wish("lane")).subscribe(entries::add);
        }
        assertThat(entries).isEmpty();
        assertThat(giver.asked).containsExactly(1);

        giver.held.remove().tryEmitValue(new Grant(1, 0));
        assertThat(entries).hasSize(1);
        assertThat(giver.asked).containsExactly(1, 7);

        giver.held.remove().tryEmitValue(new Grant(1, 10 * MILLI));
        assertThat(entries).hasSize(3);
        assertThat(entries).filteredOn(HostLimits.Place.class::isInstance).hasSize(2);
    }

    @Test
    void whoGetsNoneComesAgainWhenOneIsExpectedOneAfterTheOther() {
        giver.left = 0;
        List<Duration> delays = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            delays.add(delay(enter("lane")));
        }

        assertThat(giver.asked).hasSize(1);
        assertThat(delays)
                .containsExactly(
                        Duration.ofMillis(20),
                        Duration.ofMillis(30),
                        Duration.ofMillis(40),
                        Duration.ofMillis(50),
                        Duration.ofMillis(60));
        assertThat(rates.refusals()).isEqualTo(5);
    }

    @Test
    void aCrowdIsSpreadOverTwoSeconds() {
        giver.left = 0;
        List<Long> delays = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            delays.add(delay(enter("lane")).toMillis());
        }

        assertThat(delays).allSatisfy(millis -> assertThat(millis).isBetween(20L, 2_000L));
        assertThat(delays.stream().distinct().count()).isGreaterThan(500);
    }

    @Test
    void whatIsNotUsedForAMomentIsLost() {
        giver.left = 0;
        enter("lane");
        now += 20 * MILLI;
        giver.left = 3;
        gate.terms().answered(List.of());
        assertThat(giver.left).isZero();
        assertThat(enter("lane")).isInstanceOf(HostLimits.Place.class);

        now += 160 * MILLI;
        assertThat(enter("lane")).isInstanceOf(HostLimits.Refused.class);
    }

    @Test
    void aTokenWhoseHostHasNoPlaceIsForTheNext() {
        HostLimits few = new HostLimits(16, 16, 4_000_000, () -> now);
        HostGate narrow = new HostGate(few, rates);
        giver.left = 2;
        List<HostLimits.Entry> entries = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            narrow.enter(wish("lane")).subscribe(entries::add);
        }

        assertThat(entries.getFirst()).isInstanceOf(HostLimits.Place.class);
        assertThat(entries.getLast()).isInstanceOf(HostLimits.Refused.class);
        ((HostLimits.Place) entries.getFirst()).giveUp();
        giver.left = 0;
        narrow.enter(wish("lane")).subscribe(entries::add);
        assertThat(entries.getLast()).isInstanceOf(HostLimits.Place.class);
    }

    @Test
    void aLaneThatReachesTheLimitIsClaimedAsFarAsThereAreTokens() {
        giver.left = 0;
        enter("full");
        ClaimTerms none = gate.terms();
        assertThat(none.limits()).isEqualTo(Map.of("full", 0));
        none.answered(List.of());

        now += 20 * MILLI;
        giver.left = 3;
        gate.terms().answered(List.of());
        ClaimTerms three = gate.terms();
        assertThat(three.limits()).isEqualTo(Map.of("full", 3));
        // Until it is answered they are promised: no other claim is told of them.
        assertThat(gate.terms().limits()).isEqualTo(Map.of("full", 0));
        three.answered(List.of());
        assertThat(gate.terms().limits()).isEqualTo(Map.of("full", 3));
    }

    @Test
    void aClaimThatIsNeverAnsweredKeepsNothingForEver() {
        giver.left = 0;
        enter("full");
        now += 20 * MILLI;
        giver.left = 3;
        gate.terms().answered(List.of());
        assertThat(gate.terms().limits()).isEqualTo(Map.of("full", 3));

        now += 31_000 * MILLI;
        giver.left = 0;
        enter("full");
        now += 20 * MILLI;
        giver.left = 3;
        gate.terms().answered(List.of());
        assertThat(gate.terms().limits()).isEqualTo(Map.of("full", 3));
    }

    @Test
    void lanesOfAHostShareItsTokensByTurns() {
        giver.left = 0;
        List.of("a", "b", "c").forEach(this::enter);
        now += 20 * MILLI;
        giver.left = 1;
        gate.terms().answered(List.of());

        Map<String, Integer> told = new HashMap<>();
        for (int i = 0; i < 3; i++) {
            ClaimTerms terms = gate.terms();
            terms.limits().forEach((lane, most) -> told.merge(lane, most, Integer::sum));
            terms.answered(List.of());
        }
        assertThat(told).isEqualTo(Map.of("a", 1, "b", 1, "c", 1));
    }

    @Test
    void aLaneThatHasJobsForOthersIsTriedBesideThat() {
        giver.left = 0;
        for (int i = 0; i < 8; i++) {
            gate.enter(new HostGate.Wish(HOST, "mixed", () -> false, 10)).subscribe();
        }
        now += 30 * MILLI;
        assertThat(gate.terms().limits().get("mixed")).isEqualTo(8);
        // None of them was refused: twice as many next time.
        now += 30 * MILLI;
        assertThat(gate.terms().limits().get("mixed")).isEqualTo(16);
        assertThat(gate.terms().limits().get("mixed")).isZero();
    }

    @Test
    void aLaneIsFreeAgainOnceNothingOfItWaits() {
        giver.left = 0;
        enter("full");
        assertThat(gate.terms().limits()).containsKey("full");

        now += 1_100 * MILLI;
        assertThat(gate.terms().limits()).isEmpty();
    }

    @Test
    void aLimitThatIsGoneHoldsNobody() {
        giver.left = 0;
        enter("full");
        giver.limits.clear();

        assertThat(gate.terms().limits()).isEmpty();
        assertThat(enter("full")).isInstanceOf(HostLimits.Place.class);
    }

    @Test
    void aLimitThatIsRaisedIsAskedForAtOnce() {
        giver.left = 0;
        giver.next = 5_000 * MILLI;
        enter("lane");
        assertThat(enter("lane")).isInstanceOf(HostLimits.Refused.class);
        assertThat(giver.asked).hasSize(1);

        giver.limits.put(HOST, 1_000.0);
        giver.left = 100;
        assertThat(enter("lane")).isInstanceOf(HostLimits.Place.class);
    }

    @Test
    void aLaneThatWaitsHearsOfAHigherLimitWithItsNextClaim() {
        giver.left = 0;
        giver.next = 5_000 * MILLI;
        enter("full");
        now += 20 * MILLI;
        giver.left = 30;
        giver.limits.put(HOST, 1_000.0);
        gate.terms().answered(List.of());

        assertThat(gate.terms().limits()).isEqualTo(Map.of("full", 30));
    }

    @Test
    void whileNobodyAnswersTheHostGetsNothing() {
        giver.holds = true;
        List<HostLimits.Entry> entries = new ArrayList<>();
        gate.enter(wish("lane")).subscribe(entries::add);
        giver.held.remove().tryEmitError(new IllegalStateException("no Redis"));

        assertThat(entries).singleElement().isInstanceOf(HostLimits.Refused.class);
        assertThat(enter("lane")).isInstanceOf(HostLimits.Refused.class);
        assertThat(giver.asked).hasSize(1);
        now += 200 * MILLI;
        giver.holds = false;
        assertThat(enter("lane")).isInstanceOf(HostLimits.Place.class);
    }

    private HostLimits.Entry enter(String lane) {
        List<HostLimits.Entry> entries = new ArrayList<>();
        gate.enter(wish(lane)).subscribe(entries::add);
        return entries.getFirst();
    }

    private static HostGate.Wish wish(String lane) {
        return new HostGate.Wish(HOST, lane, () -> true, 10);
    }

    private static Duration delay(HostLimits.Entry entry) {
        Outcome.Released outcome = ((HostLimits.Refused) entry).outcome();
        return outcome.delay();
    }
}
