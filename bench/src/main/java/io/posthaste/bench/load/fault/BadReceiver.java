package io.posthaste.bench.load.fault;

import java.io.IOException;
import java.util.List;

/** One action's receiver misbehaves among good ones, then heals: in the end its jobs are delivered, too. */
final class BadReceiver implements Scenario {
    private static final List<Integer> BAD = List.of(0);
    private static final int IMPATIENT_MILLIS = 1000;

    private final String name;
    private final String behaviour;

    /** @param behaviour as the receiver understands it */
    BadReceiver(String name, String behaviour) {
        this.name = name;
        this.behaviour = behaviour;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Verdict play(Stage stage) throws IOException {
        stage.retry(BAD.getFirst(), IMPATIENT_MILLIS);
        try {
            return Beside.play(name, stage, number -> number % stage.actions() != 0, trouble(stage))
                    .verdict(true, "");
        } finally {
            stage.retry(BAD.getFirst(), Loads.PATIENT_MILLIS);
        }
    }

    private Beside.Trouble trouble(Stage stage) {
        return new Beside.Trouble() {
            @Override
            public void begin() {
                stage.behave(BAD, behaviour);
            }

            @Override
            public void end() {
                stage.behave(BAD, "");
            }
        };
    }
}
