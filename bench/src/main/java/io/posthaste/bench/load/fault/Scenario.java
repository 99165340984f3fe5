package io.posthaste.bench.load.fault;

import java.io.IOException;

/** Something that goes wrong under load. */
public interface Scenario {
    String name();

    /** Plays it on a stage where everything works; leaves the stage working. */
    Verdict play(Stage stage) throws IOException;
}
