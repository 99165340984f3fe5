package io.posthaste.deliver.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.deliver.limit.RateLimits.Grant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RateLimitsTest extends RateLimitsCase {
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
}
