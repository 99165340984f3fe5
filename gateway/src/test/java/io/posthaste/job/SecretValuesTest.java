package io.posthaste.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretValuesTest {
    private final SecretValues secrets =
            SecretValues.of(List.of("p@ss \"w/rd", "p@ss \"w/rd and more", "abc", "plain-secret"));

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '→', quoteCharacter = '`', textBlock = """
            nothing here                       → nothing here
            plain-secret                       → ***
            xplain-secretx plain-secret        → x***x ***
            p@ss "w/rd                         → ***
            p@ss "w/rd and more                → ***
            {"a":"p@ss \\"w/rd"}             → {"a":"***"}
            ?t=p%40ss+%22w%2Frd&x=1            → ?t=***&x=1
            ?t=p%40ss%20%22w%2Frd&x=1          → ?t=***&x=1
            abc                                → abc
            plain-secre                        → plain-secre
            """)
    void valuesAreHiddenInEveryForm(String text, String shown) {
        assertThat(secrets.hide(text)).isEqualTo(shown);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "u", "us", "use", "user:", "a longer beginning of some length "})
    void aValueIsHiddenInBase64WhereverItBegins(String before) {
        byte[] text = (before + "plain-secret and the rest").getBytes(StandardCharsets.UTF_8);

        assertThat(secrets.hide("Basic " + Base64.getEncoder().encodeToString(text) + ";"))
                .isEqualTo("Basic ***;");
        assertThat(secrets.hide("t=" + Base64.getUrlEncoder().withoutPadding().encodeToString(text)))
                .isEqualTo("t=***");
    }

    @Test
    void manyValuesHideAsOneDoes() {
        SecretValues many = SecretValues.of(
                IntStream.range(0, 1_000).mapToObj(i -> "secret-" + i + "-end").toList());

        assertThat(many.hide("a secret-7-end b secret-999-end secret-1000-end"))
                .isEqualTo("a *** b *** secret-1000-end");
    }

    @Test
    void noneHideNothingAndTellNothing() {
        assertThat(SecretValues.NONE.hide("secret")).isEqualTo("secret");
        assertThat(SecretValues.of(List.of()).isEmpty()).isTrue();
        assertThat(secrets.toString()).isEqualTo("SecretValues[4]");
    }
}
