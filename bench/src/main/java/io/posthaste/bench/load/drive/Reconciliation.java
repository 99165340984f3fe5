package io.posthaste.bench.load.drive;

/**
 * What became of the jobs of a run. Every accepted job is in exactly one of {@code once}, {@code twice}, {@code lost}.
 *
 * @param offered jobs the producer tried to enqueue
 * @param accepted jobs that Redis acknowledged
 * @param once accepted jobs that got one 2xx
 * @param twice accepted jobs that got more than one 2xx
 * @param extra 2xx beyond the first, over all jobs
 * @param lost accepted jobs that got none
 * @param late delivered jobs that arrived too long after they were due
 * @param early jobs that arrived before they were due
 * @param repeated times that an {@code XADD} was repeated because its answer never came: each may be another delivery
 * @param changed jobs whose attempts differed in idempotency key or body
 * @param unknown requests whose id the run did not send
 */
public record Reconciliation(
        int offered,
        int accepted,
        int once,
        int twice,
        int extra,
        int lost,
        int late,
        int early,
        int repeated,
        int changed,
        int unknown) {

    /** Reads a ledger whose run is over. {@code lateAfter} is in microseconds. */
    public static Reconciliation of(Ledger ledger, int offered, long lateAfter) {
        Count count = new Count();
        for (int number = 0; number < offered; number++) {
            count.add(ledger, number, lateAfter);
        }
        return new Reconciliation(
                offered,
                count.accepted,
                count.once,
                count.twice,
                count.extra,
                count.lost,
                count.late,
                count.early,
                count.repeated,
                ledger.changed(),
                ledger.unknown());
    }

    /** Nothing was lost, came too early, or changed on the way. */
    public boolean isGood() {
        return lost == 0 && early == 0 && changed == 0;
    }

    private static final class Count {
        int accepted;
        int once;
        int twice;
        int extra;
        int lost;
        int late;
        int early;
        int repeated;

        void add(Ledger ledger, int number, long lateAfter) {
            int copies = ledger.copies[number];
            if (ledger.accepted[number] != 0) {
                accepted++;
                once += copies == 1 ? 1 : 0;
                twice += copies > 1 ? 1 : 0;
                lost += copies == 0 ? 1 : 0;
            }
            extra += Math.max(0, copies - 1);
            repeated += ledger.repeats[number];
            if (copies > 0) {
                long lateness = ledger.arrived[number] - ledger.offered[number];
                late += lateness > lateAfter ? 1 : 0;
                // Due times are whole milliseconds.
                early += lateness < -1000 ? 1 : 0;
            }
        }
    }
}
