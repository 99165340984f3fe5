package io.posthaste.bench.load.drive;

import java.time.Instant;

/** The time that producers, receiver and monitor of one machine share. */
public final class Clock {
    private Clock() {}

    /** Microseconds since 1970. */
    public static long micros() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
    }
}
