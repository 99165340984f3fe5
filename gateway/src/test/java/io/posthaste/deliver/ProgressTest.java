package io.posthaste.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private final AtomicLong nanos = new AtomicLong(1);
    private final Progress progress = new Progress(nanos::get, Duration.ofSeconds(10));

    @Test
    void isNotReadyBeforeTheFirstClaim() {
        assertThat(progress.standstill()).hasValue("starting");
    }

    @Test
    void isReadyWhileClaimsSucceed() {
        progress.claimed(0);
        pass(9);

        assertThat(progress.standstill()).isEmpty();
    }

    @Test
    void saysWhenRedisNoLongerAnswersClaims() {
        progress.claimed(0);
        pass(11);

        assertThat(progress.standstill()).hasValue("no claim from Redis succeeded for 11 s");
    }

    @Test
    void saysWhenWorkIsInFlightAndNothingIsSettled() {
        progress.claimed(0);
        pass(6);
        progress.claimed(5);
        pass(6);
        progress.claimed(5);

        assertThat(progress.standstill()).hasValue("no delivery was settled for 12 s");
    }

    @Test
    void saysWhatRedisRefusesAtOnce() {
        progress.claimed(0);
        progress.redis("Redis takes no writes");
        assertThat(progress.standstill()).hasValue("Redis takes no writes");

        progress.redis("");
        assertThat(progress.standstill()).isEmpty();
    }

    @Test
    void anIdleGatewayIsReady() {
        for (int turn = 0; turn < 10; turn++) {
            progress.claimed(0);
            pass(6);
        }

        assertThat(progress.standstill()).isEmpty();
    }

    private void pass(long seconds) {
        nanos.addAndGet(Duration.ofSeconds(seconds).toNanos());
    }
}
