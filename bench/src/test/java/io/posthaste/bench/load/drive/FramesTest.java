package io.posthaste.bench.load.drive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FramesTest {
    private final byte[] out = new byte[8192];

    @Test
    void aJobIsOneCommandOfTheContract() throws IOException {
        int length =
                new Frames("run", new Workload("zendesk", 3, 0, 0), List.of("posthaste:{0}:inbox")).write(7, 0, out, 0);

        List<String> words = words(length);
        assertThat(words.subList(0, 9))
                .containsExactly(
                        "XADD", "posthaste:{0}:inbox", "*", "v", "1", "id", "run-000000007", "action", "load-1");
        assertThat(words.get(9)).isEqualTo("data");
        JsonNode data = new ObjectMapper().readTree(words.get(10));
        assertThat(data.at("/customer/id").asText()).isEqualTo("000000007");
        assertThat(words).hasSize(11);
    }

    @Test
    void aLaterDueTimeIsWrittenInMilliseconds() {
        int length = new Frames("run", new Workload("form", 1, 0, 5_000), List.of("posthaste:{0}:inbox"))
                .write(0, 1_700_000_005_000L, out, 0);

        assertThat(words(length)).containsSequence("at", "1700000005000");
    }

    @Test
    void dataIsPaddedToTheSizeAskedFor() {
        int length = new Frames("run", new Workload("fixed", 1, 4_000, 0), List.of("posthaste:{0}:inbox"))
                .write(0, 0, out, 0);

        assertThat(words(length).getLast().length()).isBetween(3_900, 4_100);
    }

    @Test
    void whatDoesNotFitIsNotWritten() {
        assertThat(new Frames("run", new Workload("fixed", 1, 0, 0), List.of("posthaste:{0}:inbox"))
                        .write(0, 0, out, out.length - 10))
                .isEqualTo(-1);
    }

    /** Reads one RESP array of bulk strings that must fill the length exactly. */
    private List<String> words(int length) {
        ByteBuffer in = ByteBuffer.wrap(out, 0, length);
        int count = header(in, '*');
        List<String> words = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] word = new byte[header(in, '$')];
            in.get(word);
            in.getShort();
            words.add(new String(word, UTF_8));
        }
        assertThat(in.hasRemaining()).isFalse();
        return words;
    }

    private static int header(ByteBuffer in, char type) {
        assertThat((char) in.get()).isEqualTo(type);
        int number = 0;
        for (byte next = in.get(); next != '\r'; next = in.get()) {
            number = number * 10 + (next - '0');
        }
        in.get();
        return number;
    }
}
