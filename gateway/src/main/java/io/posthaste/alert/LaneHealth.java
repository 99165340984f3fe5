package io.posthaste.alert;

import io.posthaste.config.Alerting;
import io.posthaste.queue.browse.Deliveries.Lane;
import io.posthaste.store.alert.Alert;
import io.posthaste.store.alert.Alert.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Judges lanes by what is known of them. What has begun ends a good way below where it began. Not thread-safe. */
final class LaneHealth {
    /** Of the share of failures and of an age at which a trouble begins: where it ends. */
    private static final double END = 0.5;

    private final Alerting settings;
    private final Set<String> known = new HashSet<>();

    LaneHealth(Alerting settings) {
        this.settings = settings;
    }

    /** What was told of before, by whichever gateway. */
    void remember(List<Alert> told) {
        told.forEach(alert -> known.add(alert.key()));
    }

    /** @param recent what came of the attempts of the last minutes */
    List<Alert> judge(Instant now, List<Lane> lanes, Map<String, LaneTally> recent) {
        List<Alert> alerts = new ArrayList<>();
        for (Lane lane : lanes) {
            if (lane.paused()) {
                String because = lane.pausedBecause();
                alerts.add(Alert.of(Kind.LANE_PAUSED, lane.name(), because.isEmpty() ? "somebody paused it" : because));
            } else if (isOld(lane, now)) {
                alerts.add(Alert.of(
                        Kind.BACKLOG_OLD,
                        lane.name(),
                        "its oldest job is due since " + Instant.ofEpochMilli(lane.oldestDueMillis())));
            }
        }
        recent.forEach((lane, tally) -> {
            if (isFailing(lane, tally)) {
                alerts.add(Alert.of(
                        Kind.LANE_FAILING,
                        lane,
                        "%d of %d attempts of five minutes failed".formatted(tally.unsuccessful(), tally.attempts())));
            }
        });
        // One that nobody tries any more has not recovered.
        known.stream()
                .filter(key -> key.startsWith(Kind.LANE_FAILING.begins() + ":"))
                .map(key -> key.substring(key.indexOf(':') + 1))
                .filter(lane -> recent.getOrDefault(lane, LaneTally.NONE).attempts() == 0)
                .forEach(lane -> alerts.add(Alert.of(Kind.LANE_FAILING, lane, "nothing was attempted since")));
        known.clear();
        remember(alerts);
        return alerts;
    }

    private boolean isOld(Lane lane, Instant now) {
        if (lane.oldestDueMillis() == 0) {
            return false;
        }
        Duration age = Duration.between(Instant.ofEpochMilli(lane.oldestDueMillis()), now);
        boolean before =
                known.contains(Alert.of(Kind.BACKLOG_OLD, lane.name(), "").key());
        long from = (long) (settings.backlogAge().toMillis() * (before ? END : 1));
        return age.toMillis() >= from;
    }

    private boolean isFailing(String lane, LaneTally tally) {
        boolean before = known.contains(Alert.of(Kind.LANE_FAILING, lane, "").key());
        return before
                ? tally.attempts() > 0 && tally.failing() > settings.failingPercent() * END
                : tally.attempts() >= settings.failingAttempts() && tally.failing() >= settings.failingPercent();
    }
}
