package io.posthaste.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthaste.bench.load.drive.Reconciliation;
import io.posthaste.bench.load.process.LoadException;
import io.posthaste.bench.load.receiver.Receiver;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SideBySideTest {
    @Test
    void comparesTheMeansOfEachVersionsRuns() {
        SideBySide both = SideBySide.of(
                List.of(run("HTTP/1.1", 1_000, 80, 500, 0), run("HTTP/1.1", 2_000, 60, 700, 0)),
                List.of(run("HTTP/2", 3_000, 105, 16, 10_000)));

        assertThat(both.rows())
                .contains(
                        new SideBySide.Row("deliveries/s", 1_500, 3_000),
                        new SideBySide.Row("gateway, us of CPU per delivery", 70, 105),
                        new SideBySide.Row("connections at a time", 600, 16));
    }

    @Test
    void refusesToCompareARunThatDidNotSpeakWhatItIsNamedAfter() {
        assertThatThrownBy(() ->
                        SideBySide.of(List.of(run("HTTP/1.1", 1, 1, 1, 0)), List.of(run("HTTP/2", 1, 1, 1, 9_999))))
                .isInstanceOf(LoadException.class)
                .hasMessage("posthaste over HTTP/2: 9,999 of 10,000 requests came over HTTP/2");
        assertThatThrownBy(() -> SideBySide.of(
                        List.of(run("HTTP/1.1", 1, 1, 1, 10_000)), List.of(run("HTTP/2", 1, 1, 1, 10_000))))
                .hasMessageStartingWith("posthaste over HTTP/1.1: 10,000 of 10,000");
    }

    private static Figures run(String version, double perSecond, double micros, long connections, long overHttp2) {
        return new Figures(
                "posthaste over " + version,
                new Reconciliation(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
                1,
                perSecond,
                null,
                new Figures.CpuPerDelivery(micros, 0, 0, 0),
                Map.of(),
                Map.of("requests", 10_000L, "requests_http2", overHttp2, Receiver.MOST_CONNECTIONS, connections));
    }
}
