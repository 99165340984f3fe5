package io.posthaste.deliver.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RateLimitedLanesTest extends RateLimitsCase {
    @Test
    void aLaneThatReachesTheLimitIsClaimedAsFarAsThereAreTokens() {
        giver.left = 0;
        enter("full");
        ClaimTerms none = gate.terms();
        assertThat(none.limits()).isEqualTo(Map.of("full", 0));
        none.answered(List.of());

        refill(3);
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
        refill(3);
        assertThat(gate.terms().limits()).isEqualTo(Map.of("full", 3));

        now += 31_000 * MILLI;
        giver.left = 0;
        enter("full");
        refill(3);
        assertThat(gate.terms().limits()).isEqualTo(Map.of("full", 3));
    }

    @Test
    void lanesOfAHostShareItsTokensByTurns() {
        giver.left = 0;
        List.of("a", "b", "c").forEach(this::enter);
        refill(1);

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
    void aLaneThatWaitsHearsOfAHigherLimitWithItsNextClaim() {
        giver.left = 0;
        giver.next = 5_000 * MILLI;
        enter("full");
        giver.limits.put(HOST, 1_000.0);
        refill(30);

        assertThat(gate.terms().limits()).isEqualTo(Map.of("full", 30));
    }
}
