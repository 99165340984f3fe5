package io.posthaste.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.job.Attempt;
import io.posthaste.job.Outcome;
import io.posthaste.job.RenderedRequest;
import io.posthaste.metrics.HostLoad;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

class HostLimitsTest {
    private static final Outcome DELIVERED = new Outcome.Delivered(
            new Attempt(1, 0, 200, 1, "", ""), new RenderedRequest("POST", "", List.of(), new byte[0]), false);

    private final HostLimits limits = new HostLimits(2);
    private final List<Outcome> outcomes = new ArrayList<>();

    @Test
    void anAttemptOverTheLimitIsGivenBackAtNoCost() {
        start("slow.example:443");
        start("slow.example:443");
        start("slow.example:443");

        assertThat(outcomes).singleElement().isInstanceOf(Outcome.Released.class);
    }

    @Test
    void oneHostsLimitIsNotAnothers() {
        start("slow.example:443");
        start("slow.example:443");
        start("quick.example:443");

        assertThat(outcomes).isEmpty();
        assertThat(limits.hosts()).isEqualTo(2);
    }

    @Test
    void anEndedAttemptMakesRoom() {
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
        HostLimits wide = new HostLimits(256);

        repeat(wide, 100, retryAfter(status));

        assertThat(wide.heldBack()).containsExactly(new HostLoad("slow.example:443", 0, 16));

        repeat(wide, 240, DELIVERED);

        assertThat(wide.heldBack()).isEmpty();
        assertThat(wide.hosts()).isZero();
    }

    @Test
    void aFewFailuresAmongManyAnswersCostFewPlaces() {
        HostLimits wide = new HostLimits(256);

        for (int i = 0; i < 50; i++) {
            repeat(wide, 1, retryAfter(0));
            repeat(wide, 99, DELIVERED);
        }

        assertThat(wide.heldBack()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 408, 409, 500})
    void anAnswerThatOnlySaysNoIsNoTroubleOfTheHosts(int status) {
        HostLimits wide = new HostLimits(256);

        repeat(wide, 10, retryAfter(status));

        assertThat(wide.heldBack()).isEmpty();
    }

    @Test
    void onlyWhatAHostThatAnswersGivesBackSaysThatTooMuchIsClaimed() {
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

    private static void repeat(HostLimits limits, int times, Outcome outcome) {
        for (int i = 0; i < times; i++) {
            limits.within("slow.example:443", Mono.just(new Attempted.Ended(outcome)))
                    .block();
        }
    }

    private static Outcome retryAfter(int status) {
        return new Outcome.Retry(new Attempt(1, 0, status, 1, "why", ""), Duration.ofSeconds(11), null);
    }

    private Sinks.One<Outcome> start(String host) {
        Sinks.One<Outcome> attempt = Sinks.one();
        limits.within(host, attempt.asMono().map(Attempted.Ended::new))
                .subscribe(attempted -> outcomes.add(attempted.outcome()), bug -> {});
        return attempt;
    }
}
