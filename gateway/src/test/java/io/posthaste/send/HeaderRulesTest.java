package io.posthaste.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.posthaste.job.Header;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderRulesTest {
    private final HeaderRules rules = new HeaderRules("X-CIO-");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Type",
                "Authorization",
                "X-Forwarded",
                "Accept",
                "User-Agent",
                "X-CIO",
                "X",
                "!#$%&'*+-.^_`|~09azAZ",
                "Webhook",
                "Proxy",
                "Accept-Encoding"
            })
    void aTokenIsAName(String name) {
        assertThat(rules.problemWithName(name)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", " ", "X Y", "X:", ":path", "X\r\nY", "X\t", "X\u0000", "Ünï", "X/Y", "X(Y)", "X\"", "X@Y", "X[",
                "X{", "X=", "X,", "X;", "X?", "X\u007F"
            })
    void anythingElseIsNot(String name) {
        assertThat(rules.problemWithName(name)).contains("header name");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host",
                "content-length",
                "Transfer-Encoding",
                "TE",
                "Trailer",
                "CONNECTION",
                "Keep-Alive",
                "Upgrade",
                "HTTP2-Settings",
                "Expect",
                "Via",
                "Forwarded",
                "X-Forwarded-For",
                "x-forwarded-host",
                "Content-Encoding",
                "Proxy-Authorization",
                "proxy-connection",
                "webhook-id",
                "Webhook-Signature",
                "X-CIO-Signature",
                "x-cio-anything"
            })
    void namesTheGatewaySetsAreReserved(String name) {
        assertThat(rules.problemWithName(name)).isEqualTo("header " + name + " is set by the gateway");
    }

    @Test
    void thePrefixIsASetting() {
        HeaderRules other = new HeaderRules("X-Acme-");

        assertThat(other.problemWithName("x-acme-signature")).isNotNull();
        assertThat(other.problemWithName("X-CIO-Signature")).isNull();
        assertThatIllegalArgumentException().isThrownBy(() -> new HeaderRules(""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "a b", "a\tb", "!~", "Bearer abc.def=="})
    void visibleAsciiIsAValue(String value) {
        assertThat(rules.problemWithValue("X", value)).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "a\u0000,U+0000",
                "a\u001F,U+001F",
                "a\u007F,U+007F",
                "é,not ASCII",
                "a\u0080,not ASCII",
                "\uD83D\uDE00,not ASCII",
                " a,whitespace",
                "a ,whitespace",
                "a\t,whitespace",
            })
    void anyOtherCharacterIsNot(String value, String problem) {
        assertThat(rules.problemWithValue("X", value))
                .contains("header X")
                .contains(problem)
                .doesNotContain("\r", "\n");
    }

    @Test
    void lineEndsNeverReachAHeader() {
        assertThat(rules.problemWithValue("X", "a\r\nX-B: c")).contains("U+000D");
        assertThat(rules.problemWithValue("X", "a\nb")).contains("U+000A");
        assertThat(rules.problemWithValue("X", "a\r\n folded")).contains("U+000D");
    }

    @Test
    void limitsEndWhereTheySay() {
        assertThat(rules.problemWithName("a".repeat(256))).isNull();
        assertThat(rules.problemWithName("a".repeat(257))).isNotNull();
        assertThat(rules.problemWithValue("X", "a".repeat(8192))).isNull();
        assertThat(rules.problemWithValue("X", "a".repeat(8193))).contains("8192");
        assertThat(rules.problemWith(Collections.nCopies(64, new Header("X", "y"))))
                .isNull();
        assertThat(rules.problemWith(Collections.nCopies(65, new Header("X", "y"))))
                .contains("64");
        assertThat(rules.problemWith(headers(2, 8192 - 6))).isNull();
        assertThat(rules.problemWith(headers(3, 8192 - 6))).contains("16384 bytes in total");
    }

    @Test
    void repeatedHeadersAreFineExceptWhereOneMustStandAlone() {
        assertThat(rules.problemWith(List.of(new Header("X", "1"), new Header("x", "2"))))
                .isNull();
        assertThat(rules.problemWith(List.of(new Header("Content-Type", "a"), new Header("content-type", "b"))))
                .contains("only once");
        assertThat(rules.problemWith(List.of(new Header("authorization", "a"), new Header("Authorization", "b"))))
                .contains("only once");
    }

    @Test
    void theFirstProblemIsNamed() {
        assertThat(rules.problemWith(List.of(new Header("A", "1"), new Header("B", "x\ny"), new Header("Host", "h"))))
                .contains("header B");
    }

    private static List<Header> headers(int count, int bytesEach) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Header("X" + i, "v".repeat(bytesEach)))
                .toList();
    }
}
