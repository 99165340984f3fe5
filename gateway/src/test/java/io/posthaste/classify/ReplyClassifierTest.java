package io.posthaste.classify;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.action.RetryPolicy;
import io.posthaste.job.Attempt;
import io.posthaste.job.Header;
import io.posthaste.job.Lease;
import io.posthaste.job.NoAnswerCause;
import io.posthaste.job.Outcome;
import io.posthaste.job.RenderedRequest;
import io.posthaste.job.Reply;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyClassifierTest extends ReplyCase {
    private static final RenderedRequest REQUEST =
            new RenderedRequest("POST", "https://a.example/", List.of(), new byte[] {1});

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 202, 204, 206, 226, 299})
    void anySuccessDelivers(int status) {
        assertThat(classify(0, answer(status, "thanks")))
                .isEqualTo(new Outcome.Delivered(
                        new Attempt(1, START.toEpochMilli(), status, 120, "", "thanks"), REQUEST, false));
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 409, 429, 500, 501, 502, 503, 504, 521, 599})
    void timeoutConflictTooManyAndServerErrorsAreRetried(int status) {
        assertThat(classify(0, answer(status, "busy")))
                .isEqualTo(new Outcome.Retry(
                        new Attempt(1, START.toEpochMilli(), status, 120, "HTTP " + status, "busy"),
                        Duration.ofSeconds(11),
                        REQUEST));
    }

    @Test
    void anAttemptCutShortByOurOwnStopIsMadeAgainAtOnceWhateverIsLeft() {
        Reply stopped = new Reply.NoAnswer(NoAnswerCause.STOPPED, "the gateway stopped before the answer", 120);

        Outcome.Retry last = (Outcome.Retry) classify(10, stopped);

        assertThat(last.delay()).isZero();
        assertThat(last.attempt().reason()).isEqualTo("the gateway stopped before the answer");
    }

    @Test
    void whatCouldNotBeSentForWantOfADescriptorIsGivenBackAtNoCost() {
        Outcome outcome = classify(10, new Reply.NoAnswer(NoAnswerCause.NO_DESCRIPTOR, "too many files open", 0));

        assertThat(outcome).isEqualTo(new Outcome.Released(Duration.ofSeconds(1)));
    }

    @ParameterizedTest
    @ValueSource(
            ints = {300, 301, 302, 303, 304, 307, 308, 400, 401, 402, 403, 404, 405, 406, 407, 410, 413, 422, 425, 499})
    void redirectsAndOtherClientErrorsFailAtOnce(int status) {
        Outcome.Failed failed = (Outcome.Failed) classify(0, answer(status, ""));

        assertThat(failed.reason()).isEqualTo("HTTP " + status);
        assertThat(failed.frozen()).isSameAs(REQUEST);
    }

    @ParameterizedTest
    @EnumSource
    void troubleIsRetriedUnlessItCannotPass(NoAnswerCause trouble) {
        Outcome outcome = classify(0, new Reply.NoAnswer(trouble, "detail", 7));

        assertThat(outcome instanceof Outcome.Retry)
                .isEqualTo(
                        switch (trouble) {
                            case DNS, CONNECT, TLS, TOKEN, PROXY, TIMEOUT, RESET, STOPPED, PROTOCOL -> true;
                            case NO_DESCRIPTOR, CERTIFICATE, ADDRESS_NOT_PERMITTED, INVALID_REQUEST -> false;
                        });
    }

    @ParameterizedTest
    @CsvSource({
        "TIMEOUT, anything, timeout after 4000 ms",
        "RESET, connection reset, connection reset",
        "RESET, '', reset",
        "ADDRESS_NOT_PERMITTED, '', address not permitted",
        "INVALID_REQUEST, body is not valid JSON at line 2 column 7, body is not valid JSON at line 2 column 7",
    })
    void reasonOfNoAnswerIsOneLineForPeople(NoAnswerCause trouble, String detail, String reason) {
        assertThat(attempt(classify(0, new Reply.NoAnswer(trouble, detail, 4_003))))
                .isEqualTo(new Attempt(1, START.toEpochMilli(), 0, 4_003, reason, ""));
    }

    @Test
    void elevenAttemptsAreMadeAndThenItHasFailed() {
        for (int attempts = 0; attempts < 10; attempts++) {
            assertThat(classify(attempts, answer(503, ""))).isInstanceOf(Outcome.Retry.class);
        }

        Outcome.Failed failed = (Outcome.Failed) classify(10, answer(503, ""));

        assertThat(failed.reason()).isEqualTo("HTTP 503 (retries exhausted)");
        assertThat(attempt(failed).number()).isEqualTo(11);
        assertThat(attempt(failed).reason()).isEqualTo("HTTP 503");
    }

    @Test
    void requestIsKeptOnceAndNotAgain() {
        Outcome first =
                classifier.classify(lease(0, null), action(RetryPolicy.STANDARD), REQUEST, START, answer(500, ""));
        Outcome later =
                classifier.classify(lease(1, REQUEST), action(RetryPolicy.STANDARD), REQUEST, START, answer(500, ""));
        Outcome end =
                classifier.classify(lease(2, REQUEST), action(RetryPolicy.STANDARD), REQUEST, START, answer(404, ""));

        assertThat(((Outcome.Retry) first).frozen()).isSameAs(REQUEST);
        assertThat(((Outcome.Retry) later).frozen()).isNull();
        assertThat(((Outcome.Failed) end).frozen()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"404, true", "302, true", "418, false", "500, false", "299, false"})
    void explicitPolicyNamesItsOwnStatuses(int status, boolean retried) {
        RetryPolicy explicit = new RetryPolicy(
                "explicit", Duration.ofSeconds(1), List.of(Duration.ofMillis(5)), List.of("404", "3xx", "2xx", "50"));

        assertThat(
                        classifier.classify(lease(0, null), action(explicit), REQUEST, START, answer(status, ""))
                                instanceof Outcome.Retry)
                .isEqualTo(retried);
    }

    @Test
    void policyWithoutRetriesFailsTheFirstTime() {
        RetryPolicy once = new RetryPolicy("explicit", Duration.ofSeconds(1), List.of(), List.of("5xx"));

        assertThat(classifier.classify(lease(0, null), action(once), REQUEST, START, answer(500, "")))
                .isInstanceOf(Outcome.Failed.class);
    }

    // The attempt ends 120 ms after 10:20:30.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            429 | 30                              | PT30S
            503 | 30                              | PT30S
            500 | 30                              | PT11S
            408 | 30                              | PT11S
            429 | 5                               | PT11S
            429 | ' 30 '                          | PT30S
            429 | 12.5                            | PT12.5S
            429 | 7200                            | PT1H
            429 | 999999999999                    | PT1H
            429 | 99999999999999999999            | PT11S
            429 | -30                             | PT11S
            429 | soon                            | PT11S
            429 | ''                              | PT11S
            429 | 1e9                             | PT11S
            429 | Thu, 15 Jan 2026 10:21:30 GMT   | PT59.88S
            503 | Thursday, 15-Jan-26 10:21:30 GMT| PT59.88S
            503 | Thu Jan 15 10:21:30 2026        | PT59.88S
            503 | Sun Feb  1 10:21:30 2026        | PT1H
            429 | Thu, 15 Jan 2026 10:19:30 GMT   | PT11S
            429 | Fri, 15 Jan 2026 10:21:30 GMT   | PT11S
            429 | Thu, 32 Jan 2026 10:21:30 GMT   | PT11S
            429 | Fri, 31 Dec 9999 23:59:59 GMT   | PT1H
            """)
    void retryAfterIsHonouredWhereItMeansSomething(int status, String value, Duration expected) {
        Reply reply = new Reply.Answered(status, List.of(new Header("retry-after", value)), new byte[0], false, 120);

        assertThat(((Outcome.Retry) classify(0, reply)).delay()).isEqualTo(expected);
    }

    @Test
    void retryAfterStaysWithinTheLifeSinceTheFirstAttempt() {
        Lease old = new Lease(
                lease(2, REQUEST).job(),
                new Lease.Hold("0", "1-1", 9, START),
                new Lease.Past(2, START.minusSeconds(10_844 - 600).toEpochMilli(), false, 0),
                REQUEST,
                false,
                false);
        Reply reply = new Reply.Answered(429, List.of(new Header("Retry-After", "3000")), new byte[0], false, 0);

        assertThat(((Outcome.Retry) classifier.classify(old, action(RetryPolicy.STANDARD), REQUEST, START, reply))
                        .delay())
                .isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void redirectTellsWhereItWouldLead() {
        Reply reply = new Reply.Answered(
                302,
                List.of(new Header("location", "https://b.example/\u202Ex")),
                "Moved".getBytes(StandardCharsets.UTF_8),
                false,
                1);

        assertThat(attempt(classify(0, reply)).excerpt()).isEqualTo("Location: https://b.example/\\u202Ex Moved");
    }

    private Outcome classify(int attemptsBefore, Reply reply) {
        return classifier.classify(lease(attemptsBefore, null), action(RetryPolicy.STANDARD), REQUEST, START, reply);
    }
}
