package io.posthaste.doctor;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** How old the keys are that sign, which nobody but a gateway knows. */
public final class KeyCheck implements Checkup.Check {
    private static final Duration OLD = Duration.ofDays(365);

    private final Supplier<Map<String, Instant>> keys;
    private final InstantSource clock;

    /** @param keys by a name for people, when each that signs was made */
    public KeyCheck(Supplier<Map<String, Instant>> keys, InstantSource clock) {
        this.keys = keys;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "signing keys";
    }

    @Override
    public List<Finding> look() {
        Map<String, Instant> known = keys.get();
        if (known.isEmpty()) {
            return List.of(Finding.ok(name(), "as configured; nobody here knows how old they are"));
        }
        return known.entrySet().stream()
                .map(key -> judge(key.getKey(), Duration.between(key.getValue(), clock.instant())))
                .toList();
    }

    private static Finding judge(String key, Duration age) {
        String found = age.toDays() + " days old";
        return age.compareTo(OLD) > 0
                ? Finding.warning(key, found, "POST /v1/signing-keys/rotate; both sign while the grace time lasts")
                : Finding.ok(key, found);
    }
}
