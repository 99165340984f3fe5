package io.posthaste.classify;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.action.RetryPolicy;
import io.posthaste.job.Outcome;
import io.posthaste.job.RenderedRequest;
import io.posthaste.job.SecretValues;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept of an answer's text. */
class AttemptExcerptTest extends ReplyCase {
    @Test
    void aSecretThatTheReceiverRepeatsIsHiddenBeforeTheExcerptIsCut() {
        RenderedRequest secret = new RenderedRequest(
                "POST", "https://a.example/", List.of(), new byte[0], SecretValues.of(List.of("canary-value")));
        String echo = "you sent canary-value, " + ".".repeat(1_000) + "canary-value";

        Outcome failed =
                classifier.classify(lease(0, null), action(RetryPolicy.STANDARD), secret, START, answer(404, echo));

        assertThat(attempt(failed).excerpt()).startsWith("you sent ***, ...").doesNotContain("cana");
    }

    @ParameterizedTest
    @CsvSource({
        "68656c6c6f, hello",
        "610d0a09007f62, a␍␊␉␀␡b",
        "c3a9e69db1f09f8e89, é東🎉",
        "61ff62, a\uFFFDb",
        "e280ae78, '\\u202Ex'",
        "c285, '\\u0085'",
        "e280a8, '\\u2028'",
        "1b5b33316d, ␛[31m",
        "'', ''",
    })
    void excerptIsOneVisibleLineOfText(String hex, String expected) {
        assertThat(Excerpt.of(HexFormat.of().parseHex(hex))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void excerptEndsBeforeACharacterThatWouldBeCut(int shift) {
        byte[] body = ("x".repeat(1024 - 4 + shift) + "🎉🎉").getBytes(StandardCharsets.UTF_8);

        assertThat(Excerpt.of(body)).isEqualTo("x".repeat(1020 + shift) + (shift == 0 ? "🎉" : ""));
    }

    @Test
    void excerptOfContinuationBytesAloneIsStillBounded() {
        byte[] body = new byte[5_000];
        Arrays.fill(body, (byte) 0x80);

        assertThat(Excerpt.of(body)).hasSizeLessThanOrEqualTo(1024).hasSizeGreaterThan(1000);
    }
}
