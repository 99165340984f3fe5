package io.posthaste.bench.load.receiver;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArrivalLogTest {
    private final ArrivalLog log = new ArrivalLog();

    @Test
    void givesBackWhatWasWritten() {
        append(1_700_000_000_123_456L, 503, -7, "job-1");

        assertThat(read(log.since(0))).containsExactly("1700000000123456 503 -7 job-1");
    }

    @Test
    void canBeAskedAgainForWhatWasNotYetForgotten() {
        append(1, 200, 0, "a");
        byte[] first = log.since(0);
        append(2, 200, 0, "b");

        assertThat(read(log.since(0))).containsExactly("1 200 0 a", "2 200 0 b");
        assertThat(read(log.since(first.length))).containsExactly("2 200 0 b");
    }

    @Test
    void growsWithWhatNobodyFetches() {
        for (int i = 0; i < 100_000; i++) {
            append(i, 200, i, "job-" + i);
        }

        assertThat(read(log.since(0))).hasSize(100_000).endsWith("99999 200 99999 job-99999");
    }

    private void append(long micros, int status, int checksum, String id) {
        Request.Part part = new Request.Part();
        part.set(0, id.length());
        log.append(micros, status, checksum, id.getBytes(US_ASCII), part);
    }

    private static List<String> read(byte[] fetched) {
        List<String> arrivals = new ArrayList<>();
        ArrivalLog.read(
                fetched,
                (micros, status, checksum, bytes, start, length) -> arrivals.add(
                        micros + " " + status + " " + checksum + " " + new String(bytes, start, length, US_ASCII)));
        return arrivals;
    }
}
