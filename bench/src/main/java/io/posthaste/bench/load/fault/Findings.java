package io.posthaste.bench.load.fault;

import io.posthaste.bench.load.drive.Reconciliation;

/** How findings are worded. */
public final class Findings {
    private Findings() {}

    /** Of a run whose producer may have to write a job twice: each such may be another delivery. */
    public static String withRepeats(Reconciliation jobs) {
        return of(jobs) + ", repeated by the producer " + jobs.repeated();
    }

    public static String of(Reconciliation jobs) {
        return "accepted %,d, lost %d, delivered again %d".formatted(jobs.accepted(), jobs.lost(), jobs.extra())
                + (jobs.changed() == 0 ? "" : ", changed between attempts " + jobs.changed());
    }
}
