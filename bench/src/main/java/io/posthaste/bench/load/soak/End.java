package io.posthaste.bench.load.soak;

/** How a delivery ends, by its event on the results stream. */
enum End {
    SENT("sent"),
    FAILED("failed"),
    DISCARDED("cancelled");

    private final String event;

    End(String event) {
        this.event = event;
    }

    /** What is told of it on the results stream. */
    String event() {
        return event;
    }
}
