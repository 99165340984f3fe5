package io.posthaste.bench.load;

import java.time.Instant;

/** The time that producers, receiver and monitor of one machine share. */
final class Clock {
    private Clock() {}

    /** Microseconds since 1970. */
    static long micros() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
    }
}
