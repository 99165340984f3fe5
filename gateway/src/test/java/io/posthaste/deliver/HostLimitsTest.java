package io.posthaste.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.job.Attempt;
import io.posthaste.job.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Sinks;

class HostLimitsTest {
    private static final Outcome DELIVERED = new Outcome.Delivered(new Attempt(1, 0, 200, 1, "", ""));

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

    private Sinks.One<Outcome> start(String host) {
        Sinks.One<Outcome> attempt = Sinks.one();
        limits.within(host, attempt.asMono()).subscribe(outcomes::add, bug -> {});
        return attempt;
    }
}
