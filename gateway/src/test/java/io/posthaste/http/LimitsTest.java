package io.posthaste.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.api.bin.RequestBin;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LimitsTest {
    private final AtomicLong nanos = new AtomicLong(-5_000_000_000L);

    @Test
    void aBucketEmptiesAndRefillsEvenly() {
        RateLimit limit = new RateLimit(10, Duration.ofMinutes(1), nanos::get);

        assertThat(taken(limit, "a", 15)).isEqualTo(10);
        assertThat(taken(limit, "b", 15)).isEqualTo(10);
        nanos.addAndGet(Duration.ofSeconds(12).toNanos());
        assertThat(taken(limit, "a", 15)).isEqualTo(2);
        nanos.addAndGet(Duration.ofMinutes(3).toNanos());
        assertThat(taken(limit, "a", 15)).isEqualTo(10);
    }

    private static long taken(RateLimit limit, String key, int tries) {
        return IntStream.range(0, tries).filter(i -> limit.take(key)).count();
    }

    @Test
    void aBinKeepsTheLastHundred() {
        RequestBin bin = new RequestBin();
        for (int i = 0; i < 250; i++) {
            bin.record(request("a", i, 10));
            bin.record(request("b", i, 10));
        }

        assertThat(bin.recorded("a")).hasSize(100);
        assertThat(bin.recorded("a").getFirst().atMillis()).isEqualTo(249);
        assertThat(bin.recorded("a").getLast().atMillis()).isEqualTo(150);
        assertThat(bin.recorded("b")).hasSize(100);
    }

    @Test
    void allBinsTogetherAreBoundedInBytesAndNumber() {
        RequestBin bin = new RequestBin();
        for (int i = 0; i < 100; i++) {
            bin.record(request("big", i, 1 << 20));
        }
        for (int i = 0; i < 150; i++) {
            bin.record(request("bin" + i, i, 10));
        }

        assertThat(bin.recorded("big")).isEmpty();
        assertThat(IntStream.range(0, 150)
                        .filter(i -> !bin.recorded("bin" + i).isEmpty())
                        .count())
                .isEqualTo(RequestBin.MAX_BINS);
        assertThat(bin.recorded("bin149")).hasSize(1);
    }

    @Test
    void clearedBinsTakeNoRoom() {
        RequestBin bin = new RequestBin();
        bin.answer("a", List.of(new RequestBin.Script(500, List.of(), "no", 0)));
        bin.record(request("a", 1, 1 << 20));
        bin.clear("a");
        for (int i = 0; i < 31; i++) {
            bin.record(request("a", i, 1 << 20));
        }

        assertThat(bin.recorded("a")).hasSize(31);
        assertThat(bin.answers("a")).containsExactly(RequestBin.Script.DEFAULT);
    }

    private static RequestBin.Recorded request(String bin, int at, int bytes) {
        return new RequestBin.Recorded(bin, at, "POST", "/bin/" + bin, List.of(), new byte[bytes]);
    }

    @Test
    void textFromOutsideStaysOnOneLogLine() {
        assertThat(LogText.of("a\r\nb\u001b[31m\u202ec")).isEqualTo("a??b?[31m?c");
        assertThat(LogText.of("x".repeat(500))).hasSize(201);
    }
}
