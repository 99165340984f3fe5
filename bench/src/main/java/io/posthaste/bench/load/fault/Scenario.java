package io.posthaste.bench.load.fault;

import java.io.IOException;

/** Something that goes wrong under load. */
public interface Scenario {
    String name();

    /** Whether it leaves leases that nobody holds, so that most of its time is waiting for their end. */
    default boolean waitsForLeases() {
        return false;
    }

    /** Plays it on a stage where everything works; leaves the stage working. */
    Verdict play(Stage stage) throws IOException;
}
