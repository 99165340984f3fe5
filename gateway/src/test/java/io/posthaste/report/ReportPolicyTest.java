package io.posthaste.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.job.NoAnswerCause;
import io.posthaste.job.Reply;
import io.posthaste.store.reporting.ReportFeed.Told;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** M85. */
class ReportPolicyTest {
    private final ReportPolicy policy = new ReportPolicy(new Random(7), 1);

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 202, 204, 299})
    void any2xxTakesTheEvent(int status) {
        assertThat(policy.judge(answered(status), 3)).isEqualTo(new Told.Delivered(status));
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 402, 403, 404, 405, 410, 429, 500, 502, 521})
    void someAnswersPauseForAnHour(int status) {
        assertThat(policy.judge(answered(status), 0))
                .isEqualTo(new Told.Failed(status, "HTTP " + status, Duration.ofHours(1), true));
    }

    @ParameterizedTest
    @EnumSource(names = {"CONNECT", "RESET", "CERTIFICATE", "ADDRESS_NOT_PERMITTED", "INVALID_REQUEST"})
    void soDoConnectionsThatAreRefusedOrResetAndWhatCannotBeDialled(NoAnswerCause trouble) {
        assertThat(policy.judge(noAnswer(trouble), 0))
                .isEqualTo(new Told.Failed(0, "what happened", Duration.ofHours(1), true));
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 406, 408, 409, 422, 501, 503, 504, 520, 522})
    void anyOtherAnswerIsTriedAgainSoon(int status) {
        assertThat(delay(answered(status), 0)).isBetween(Duration.ofMillis(900), Duration.ofMillis(1_100));
    }

    @ParameterizedTest
    @EnumSource(names = {"TIMEOUT", "DNS", "TLS", "PROTOCOL"})
    void soIsAnyOtherTrouble(NoAnswerCause trouble) {
        assertThat(delay(noAnswer(trouble), 0)).isBetween(Duration.ofMillis(900), Duration.ofMillis(1_100));
    }

    @ParameterizedTest(name = "after {0} failures about {1} s")
    @CsvSource({"0,1", "1,2", "2,4", "5,32", "11,2048", "12,3600", "100,3600", "2147483647,3600"})
    void eachWaitIsTwiceTheOneBeforeUpToAnHour(int failures, long seconds) {
        assertThat(delay(answered(503), failures))
                .isBetween(Duration.ofMillis(seconds * 900), Duration.ofMillis(seconds * 1_100));
    }

    @Test
    void testsMayDivideAllWaits() {
        ReportPolicy quick = new ReportPolicy(new Random(7), 3_600);

        assertThat(((Told.Failed) quick.judge(answered(410), 0)).delay()).isEqualTo(Duration.ofSeconds(1));
    }

    private Duration delay(Reply reply, int failures) {
        Told.Failed failed = (Told.Failed) policy.judge(reply, failures);
        assertThat(failed.paused()).isFalse();
        return failed.delay();
    }

    private static Reply answered(int status) {
        return new Reply.Answered(status, List.of(), new byte[0], false, 1);
    }

    private static Reply noAnswer(NoAnswerCause trouble) {
        return new Reply.NoAnswer(trouble, "what happened", 1);
    }
}
