package io.posthaste.liquid;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.posthaste.liquid.value.JsonCursor;
import io.posthaste.liquid.value.JsonException;
import io.posthaste.liquid.value.JsonReader;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random templates and data: whatever they are, the answer is a problem list or a result. {@code -Dfuzz.rounds} for longer. */
class FuzzTest {
    private static final int ROUNDS = Integer.getInteger("fuzz.rounds", 20_000);
    private static final long SEED = Long.getLong("fuzz.seed", 20260115L);
    private static final List<String> PIECES = List.of(
            "{{",
            "}}",
            "{%",
            "%}",
            "{{-",
            "-%}",
            " ",
            "\n",
            "'",
            "\"",
            "a",
            "customer",
            ".",
            "[",
            "]",
            "(",
            ")",
            "..",
            "|",
            ":",
            ",",
            "=",
            "==",
            "<",
            "1",
            "-2",
            "3.5",
            "0",
            "if",
            "endif",
            "else",
            "elsif",
            "for",
            "i in a",
            "endfor",
            "case",
            "when",
            "endcase",
            "assign x =",
            "capture y",
            "endcapture",
            "cycle",
            "liquid",
            "raw",
            "endraw",
            "comment",
            "endcomment",
            "#",
            "break",
            "continue",
            "increment z",
            "unless",
            "endunless",
            "size",
            "first",
            "append:",
            "upcase",
            "split: ','",
            "join",
            "plus:",
            "divided_by:",
            "date: '%c'",
            "to_json",
            "where: 'k'",
            "sort",
            "default: 'd'",
            "slice:",
            "round:",
            "map: 'k'",
            "replace: '=>', ':'",
            "and",
            "or",
            "contains",
            "true",
            "nil",
            "empty",
            "blank",
            "x",
            "東",
            "🎉",
            "\\",
            "{",
            "}",
            "%");
    private static final String DATA =
            "{\"a\":[1,2.5,\"x\",null,{\"k\":\"v\"},[true]],\"customer\":{\"a\":\"y\",\"x\":{}},\"i\":-7}";

    @Test
    void noTemplateBreaksTheEngine() {
        Random random = new Random(SEED);
        int compiled = 0;
        Liquid liquid = Engines.plain();
        for (int i = 0; i < ROUNDS; i++) {
            String template = template(random);
            if (liquid.check(template).isEmpty()) {
                compiled++;
                assertThatCode(() -> Engines.render(liquid, template, DATA, Engines.buffer()))
                        .as("seed " + SEED + ": " + template)
                        .doesNotThrowAnyException();
            }
        }
        assertThat(compiled).as("templates that compile, seed " + SEED).isGreaterThan(ROUNDS / 50);
    }

    private static String template(Random random) {
        StringBuilder text = new StringBuilder();
        int count = 1 + random.nextInt(14);
        boolean wrap = random.nextBoolean();
        for (int i = 0; i < count; i++) {
            if (wrap && random.nextInt(3) == 0) {
                text.append("{{ ")
                        .append(piece(random))
                        .append(' ')
                        .append(piece(random))
                        .append(" | ")
                        .append(piece(random))
                        .append(" }}");
            } else {
                text.append(piece(random)).append(random.nextBoolean() ? " " : "");
            }
        }
        return text.toString();
    }

    private static String piece(Random random) {
        return PIECES.get(random.nextInt(PIECES.size()));
    }

    /** The reader of untrusted data and the lint agree with a strict Jackson on every mutation of valid JSON. */
    @Test
    void theJsonReaderAgreesWithAStrictOne() {
        Random random = new Random(SEED);
        ObjectMapper strict = JsonMapper.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
        String seed =
                "{\"a\":[1,-2.5e3,\"x\\n\\u00e9\",null,true,false,{\"k\":\"v\",\"b\":{}}],\"é\":\"東京🎉\",\"n\":12345678901234567890}";
        for (int i = 0; i < ROUNDS; i++) {
            byte[] json = mutated(seed.getBytes(UTF_8), random);
            boolean expected = accepts(() -> {
                if (new String(json, UTF_8).indexOf('\uFFFD') >= 0
                        || strict.readTree(json).isMissingNode()) {
                    throw new IOException("not UTF-8, or nothing");
                }
            });
            assertThat(accepts(() -> JsonReader.read(json)))
                    .as("seed " + SEED + ": " + new String(json, UTF_8))
                    .isEqualTo(expected);
            if (expected) {
                assertThat(accepts(() -> JsonCursor.check(json, json.length))).isTrue();
            }
        }
    }

    private interface Reading {
        void run() throws IOException;
    }

    private static boolean accepts(Reading reading) {
        try {
            reading.run();
            return true;
        } catch (IOException | JsonException e) {
            return false;
        }
    }

    private static byte[] mutated(byte[] json, Random random) {
        byte[] copy = json.clone();
        String alphabet = "{}[]\",:0123456789-+.eEtrufalsn\\ \n\u0001ab";
        for (int i = 0; i <= random.nextInt(3); i++) {
            copy[random.nextInt(copy.length)] = random.nextInt(8) == 0
                    ? (byte) random.nextInt(256)
                    : (byte) alphabet.charAt(random.nextInt(alphabet.length()));
        }
        return random.nextInt(4) == 0 ? Arrays.copyOf(copy, 1 + random.nextInt(copy.length)) : copy;
    }
}
