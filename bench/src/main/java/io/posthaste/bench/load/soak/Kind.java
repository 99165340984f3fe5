package io.posthaste.bench.load.soak;

import io.posthaste.bench.load.drive.Workload;

/** What an action of the soak is like: how its receiver answers, and what is special about its jobs. */
enum Kind {
    QUICK("delay:5-50"),
    SLOW("delay:50-500"),
    TAIL("tail:50-500"),
    /** One answer in ten is a 503. */
    SHAKY("errors:100/delay:5-100"),
    /** By TLS. */
    SECRET("delay:5-200"),
    /** Each answer adds 1 to an attribute of one of 32 people. */
    COUNTED("errors:50/delay:5-50"),
    /** Due in 1 to 90 s: some wait in the inbox, some are parked. */
    SCHEDULED("delay:5-50"),
    /** In three lines for each action. */
    ORDERED("errors:50/delay:5-30"),
    /** Every third is discarded, the others are sent. */
    DRAFTED("delay:5-50"),
    /** 32 to 160 KiB. */
    LARGE("delay:50-500"),
    CLOSING("close:20"),
    FLOODING("flood:2000000"),
    REFUSED("status:404", End.FAILED),
    BROKEN("status:503", End.FAILED),
    SILENT("hang", End.FAILED),
    RESET("reset", End.FAILED),
    DRIPPING("drip:100", End.FAILED);

    /** A time-out on a busy machine must not pass for a second delivery. */
    private static final int PATIENT_MILLIS = 30_000;

    private static final int IMPATIENT_MILLIS = 1_000;

    private final String behaviour;
    private final End end;

    Kind(String behaviour) {
        this(behaviour, End.SENT);
    }

    Kind(String behaviour, End end) {
        this.behaviour = behaviour;
        this.end = end;
    }

    /** Of the path at the receiver, as that understands it. */
    String behaviour() {
        return behaviour;
    }

    /** How its jobs end, unless somebody decides otherwise. */
    End end() {
        return end;
    }

    /** As the HTTP API takes it: what is to fail does so soon, what is to arrive is tried until it does. */
    String retry() {
        return end == End.FAILED
                ? Workload.retry(IMPATIENT_MILLIS, "200, 400")
                : Workload.retry(PATIENT_MILLIS, "200, 500" + ", 1000".repeat(18));
    }
}
