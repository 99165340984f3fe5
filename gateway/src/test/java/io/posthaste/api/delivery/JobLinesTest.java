package io.posthaste.api.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthaste.http.ApiProblem;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

class JobLinesTest {
    @Test
    void linesAreTheSameHoweverTheyArrive() {
        assertThat(split("a\nbc\r\n\n  \nd", "\n")).containsExactly("1 a", "2 bc\r", "5 d");
        assertThat(split("a", "\nb", "c\r\n\n ", " \n", "d")).containsExactly("1 a", "2 bc\r", "5 d");
        assertThat(split("")).isEmpty();
    }

    @Test
    void aBatchIsAFewLinesOrHalfAMebibyte() {
        assertThat(batches("x\n".repeat(600))).extracting(List::size).containsExactly(256, 256, 88);
        assertThat(batches(("x".repeat(300_000) + "\n").repeat(5)))
                .extracting(List::size)
                .containsExactly(2, 2, 1);
    }

    @Test
    void aLineWithoutEndIsRefusedBeforeItIsAllRead() {
        String half = "x".repeat(600_000);

        assertThatThrownBy(() -> split("ok\n", half, half, half))
                .isInstanceOf(ApiProblem.class)
                .hasMessage("line 2: at most 1048576 bytes");
    }

    @Test
    void thereIsAnEndToLines() {
        assertThatThrownBy(() -> split("x\n".repeat(100_001))).hasMessageContaining("at most 100000 lines");
    }

    private static List<String> split(String... chunks) {
        return batches(chunks).stream()
                .flatMap(List::stream)
                .map(line -> line.number() + " " + new String(line.text(), UTF_8))
                .toList();
    }

    private static List<List<JobLines.Line>> batches(String... chunks) {
        return Objects.requireNonNull(JobLines.batches(Flux.fromArray(chunks).map(chunk -> chunk.getBytes(UTF_8)))
                .collectList()
                .block());
    }
}
