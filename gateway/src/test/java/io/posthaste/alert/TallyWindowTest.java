package io.posthaste.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Figures by the hour tell what came of the last minutes. */
class TallyWindowTest {
    private static final Instant START = Instant.parse("2026-01-15T10:58:00Z");
    private static final long TEN = 10;
    private static final long ELEVEN = 11;

    private final TallyWindow window = new TallyWindow(Duration.ofMinutes(5));

    @Test
    void theFirstLookTellsOfThePastAndNothingOfTheWindow() {
        assertThat(window.add(START, Map.of(TEN, lane(5, 1)))).isEqualTo(lane(5, 1));
        assertThat(window.recent()).isEmpty();
    }

    @Test
    void theWindowGoesOnOverTheEndOfAnHour() {
        window.add(START, Map.of(TEN, lane(5, 1)));
        var news = window.add(START.plusSeconds(180), Map.of(TEN, lane(7, 2), ELEVEN, lane(1, 1)));

        assertThat(news).isEqualTo(lane(3, 2));
        assertThat(window.recent()).isEqualTo(lane(3, 2));
    }

    @Test
    void whatIsOlderThanTheWindowIsLeftOut() {
        window.add(START, Map.of(TEN, lane(5, 5)));
        window.add(START.plusSeconds(200), Map.of(TEN, lane(5, 50)));
        window.add(START.plusSeconds(400), Map.of(TEN, lane(9, 51)));

        assertThat(window.recent()).isEqualTo(lane(4, 1));
    }

    private static Map<String, LaneTally> lane(long sent, long unsuccessful) {
        return Map.of("crm", new LaneTally(sent, unsuccessful));
    }
}
