package io.posthaste.bench.load.fault;

import io.posthaste.bench.load.drive.Reconciliation;

/** How findings are worded. */
final class Findings {
    private Findings() {}

    static String of(Reconciliation jobs) {
        return "accepted %,d, lost %d, delivered again %d".formatted(jobs.accepted(), jobs.lost(), jobs.extra())
                + (jobs.changed() == 0 ? "" : ", changed between attempts " + jobs.changed());
    }
}
