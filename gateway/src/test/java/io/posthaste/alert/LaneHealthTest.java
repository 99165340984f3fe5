package io.posthaste.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.config.Alerting;
import io.posthaste.queue.browse.Deliveries.Lane;
import io.posthaste.store.alert.Alert;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A trouble begins where somebody would want to hear of it, and ends a good way below. */
class LaneHealthTest {
    private static final Instant NOW = Instant.parse("2026-01-15T10:20:30Z");

    private final LaneHealth health =
            new LaneHealth(new Alerting(50, 20, Duration.ofMinutes(10), Duration.ofDays(30), Duration.ZERO));

    @Test
    void aLaneFailsWhenHalfOfEnoughAttemptsDo() {
        assertThat(kinds(List.of(), Map.of("crm", new LaneTally(9, 10)))).isEmpty();
        assertThat(kinds(List.of(), Map.of("crm", new LaneTally(11, 9)))).isEmpty();
        assertThat(kinds(List.of(), Map.of("crm", new LaneTally(10, 10)))).containsExactly("lane_failing:crm");
    }

    @Test
    void itRecoversWhenAQuarterFails() {
        kinds(List.of(), Map.of("crm", new LaneTally(0, 20)));

        assertThat(kinds(List.of(), Map.of("crm", new LaneTally(14, 6)))).containsExactly("lane_failing:crm");
        assertThat(kinds(List.of(), Map.of("crm", new LaneTally(15, 5)))).isEmpty();
    }

    @Test
    void aLaneThatNobodyTriesHasNotRecovered() {
        kinds(List.of(), Map.of("crm", new LaneTally(0, 20)));

        assertThat(kinds(List.of(), Map.of())).containsExactly("lane_failing:crm");
        assertThat(kinds(List.of(), Map.of("crm", new LaneTally(1, 0)))).isEmpty();
    }

    @Test
    void whatAnotherGatewayToldIsKnown() {
        health.remember(List.of(Alert.of(Alert.Kind.LANE_FAILING, "crm", "")));

        assertThat(kinds(List.of(), Map.of("crm", new LaneTally(14, 6)))).containsExactly("lane_failing:crm");
    }

    @Test
    void aBacklogIsOldAfterItsTimeAndUntilHalfOfIt() {
        assertThat(kinds(List.of(waiting(Duration.ofMinutes(9), false)), Map.of()))
                .isEmpty();
        assertThat(kinds(List.of(waiting(Duration.ofMinutes(10), false)), Map.of()))
                .containsExactly("backlog_old:crm");
        assertThat(kinds(List.of(waiting(Duration.ofMinutes(6), false)), Map.of()))
                .containsExactly("backlog_old:crm");
        assertThat(kinds(List.of(waiting(Duration.ofMinutes(4), false)), Map.of()))
                .isEmpty();
        assertThat(kinds(List.of(new Lane("crm", 0, 0, 0, 0, false)), Map.of())).isEmpty();
    }

    @Test
    void ofALaneThatIsPausedTheBacklogMayGrowOld() {
        assertThat(kinds(List.of(waiting(Duration.ofHours(9), true)), Map.of())).containsExactly("lane_paused:crm");
    }

    private static Lane waiting(Duration age, boolean paused) {
        return new Lane("crm", 1, 1, 0, NOW.minus(age).toEpochMilli(), paused);
    }

    private List<String> kinds(List<Lane> lanes, Map<String, LaneTally> recent) {
        return health.judge(NOW, lanes, recent).stream().map(Alert::key).toList();
    }
}
