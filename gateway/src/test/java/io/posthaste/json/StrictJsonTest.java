package io.posthaste.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrictJsonTest {
    private final StrictJson json = new StrictJson();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{'a':1}",
                "{\"a\":1,}",
                "{\"a\":1} x",
                "{\"a\":1}{}",
                "{\"a\":1,\"a\":2}",
                "{\"a\":NaN}",
                "{\"a\":01}",
                "{\"a\":+1}",
                "// hi\n{}",
                "{\"a\":\"\t\"}",
                "[1 2]"
            })
    void whatIsNotRfc8259IsRefused(String text) {
        assertThatThrownBy(() -> json.read(text)).isInstanceOf(MalformedJson.class);
    }

    @Test
    void otherEncodingsAndBrokenUtf8AreRefused() {
        assertThatThrownBy(() -> json.read("{\"a\":1}".getBytes(StandardCharsets.UTF_16LE)))
                .isInstanceOf(MalformedJson.class);
        assertThatThrownBy(() -> json.read(new byte[] {'"', (byte) 0xC3, '"'})).isInstanceOf(MalformedJson.class);
        assertThatThrownBy(() -> json.read(new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF, '{', '}'}))
                .isInstanceOf(MalformedJson.class);
    }

    @Test
    void depthStringsNumbersAndNamesAreBounded() {
        assertThat(json.read("[".repeat(64) + "]".repeat(64))).isNotNull();
        assertThatThrownBy(() -> json.read("[".repeat(65) + "]".repeat(65))).hasMessageContaining("depth 64");
        assertThatThrownBy(() -> json.read("[".repeat(200_000))).isInstanceOf(MalformedJson.class);
        assertThatThrownBy(() -> json.read("1".repeat(101))).hasMessageContaining("numbers 100");
        assertThatThrownBy(() -> json.read("{\"" + "n".repeat(50_000) + "\":1}"))
                .hasMessageContaining("names 256");
        assertThatThrownBy(() -> json.read('"' + "s".repeat((1 << 20) + 1) + '"'))
                .hasMessageContaining("strings 1 MiB");
    }

    @Test
    void theProblemTellsThePlaceAndNothingOfTheParser() {
        assertThatThrownBy(() -> json.read("{\n  \"a\": tru\n}"))
                .isInstanceOfSatisfying(MalformedJson.class, broken -> {
                    assertThat(broken.problem().line()).isEqualTo(2);
                    assertThat(broken.getMessage()).doesNotContain("Source", "Stream", "com.", "`");
                });
        assertThatThrownBy(() -> json.read("{\"a\": {\"b\":1"))
                .message()
                .doesNotContain("Source", "Stream", "com.", "`");
    }
}
