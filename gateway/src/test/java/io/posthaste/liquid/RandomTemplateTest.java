package io.posthaste.liquid;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.posthaste.liquid.parse.Escape;
import io.posthaste.liquid.template.RenderResult;
import io.posthaste.liquid.template.Scope;
import io.posthaste.liquid.value.JsonCursor;
import io.posthaste.liquid.value.JsonReader;
import io.posthaste.liquid.value.Utf8Buffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Well-formed templates by chance, on data by chance. {@code -Dfuzz.rounds} for longer, {@code -Dfuzz.seed} to repeat. */
class RandomTemplateTest {
    private static final int ROUNDS = Integer.getInteger("fuzz.rounds", 5_000);
    private static final long SEED = Long.getLong("fuzz.seed", 20260115L);

    @Test
    void everyRenderEndsInAResultWhoseTextIsUtf8() {
        RandomTemplates random = new RandomTemplates(new Random(SEED));
        int rendered = 0;
        for (int i = 0; i < ROUNDS; i++) {
            String template = random.next();
            String data = random.data();
            byte[] text = assertNoException(template, data, Escape.NONE);
            assertThat(new String(text, UTF_8).getBytes(UTF_8))
                    .as("seed " + SEED + ": " + template)
                    .isEqualTo(text);
            rendered += text.length > 0 ? 1 : 0;
        }
        assertThat(rendered).as("templates that print something, seed " + SEED).isGreaterThan(ROUNDS / 3);
    }

    @Test
    void theSameSeedGivesTheSameBytes() {
        assertThat(digest(SEED)).isEqualTo(digest(SEED));
    }

    private static int digest(long seed) {
        RandomTemplates random = new RandomTemplates(new Random(seed));
        int digest = 1;
        for (int i = 0; i < ROUNDS / 10; i++) {
            digest = 31 * digest + Arrays.hashCode(assertNoException(random.next(), random.data(), Escape.NONE));
        }
        return digest;
    }

    @Test
    void whatIsEscapedAsJsonIsJson() {
        RandomTemplates random = new RandomTemplates(new Random(SEED));
        int rendered = 0;
        for (int i = 0; i < ROUNDS; i++) {
            String template = random.json();
            String data = random.data();
            byte[] text = assertNoException(template, data, Escape.JSON);
            if (text.length > 0) {
                rendered++;
                assertThatCode(() -> JsonCursor.check(text, text.length))
                        .as("seed " + SEED + ": " + template + " on " + data + " gives " + new String(text, UTF_8))
                        .doesNotThrowAnyException();
            }
        }
        assertThat(rendered).as("templates that render, seed " + SEED).isGreaterThan(ROUNDS / 3);
    }

    /** What it renders to; nothing if it ends in another result. */
    private static byte[] assertNoException(String template, String data, Escape escape) {
        try {
            Compiled compiled = Engines.plain().compile(List.of(template), escape);
            Object[] slots = JsonReader.read(data.getBytes(UTF_8), compiled.projection());
            Utf8Buffer out = Engines.buffer();
            RenderResult result = compiled.templates().get(0).render(Scope.of(slots, false), out);
            return result instanceof RenderResult.Rendered ? out.toByteArray() : new byte[0];
        } catch (RuntimeException e) {
            throw new AssertionError("seed " + SEED + ": " + template + " on " + data, e);
        }
    }
}
