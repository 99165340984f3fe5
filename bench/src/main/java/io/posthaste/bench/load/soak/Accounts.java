package io.posthaste.bench.load.soak;

import io.posthaste.bench.load.drive.Ledger;
import java.util.HashMap;
import java.util.Map;

/**
 * What became of the jobs of a soak: what receivers saw beside what the gateway told.
 *
 * @param accepted jobs that Redis acknowledged
 * @param sent jobs that were to arrive, as the following two were to fail and to be discarded
 * @param counted jobs whose answers were to add 1 to an attribute
 * @param lost jobs that were to arrive and got no 2xx
 * @param unwanted jobs that were not to arrive and did
 * @param extra 2xx beyond the first, over all jobs
 * @param untold accepted jobs of which no end was told
 * @param wrong jobs told to have ended otherwise than their receiver decided
 * @param toldTwice jobs told to have ended more than once
 * @param early jobs that arrived before they were due
 * @param disordered jobs that arrived before one that was before them in their line
 * @param changed jobs whose attempts differed in idempotency key or body
 */
record Accounts(
        int accepted,
        int sent,
        int failed,
        int discarded,
        int counted,
        int lost,
        int unwanted,
        int extra,
        int untold,
        int wrong,
        int toldTwice,
        int early,
        int disordered,
        int changed) {

    /** Due times are whole milliseconds. */
    private static final long ROUNDING_MICROS = 1_000;

    /** Reads the books of a run that is over. */
    static Accounts of(Ledger ledger, Ends ends, int offered) {
        Count count = new Count();
        for (int number = 0; number < offered; number++) {
            if (ledger.isAccepted(number)) {
                count.arrivals(ledger, number);
                count.told(ends, number);
            }
        }
        return new Accounts(
                count.accepted,
                count.expected.getOrDefault(End.SENT, 0),
                count.expected.getOrDefault(End.FAILED, 0),
                count.expected.getOrDefault(End.DISCARDED, 0),
                count.counted,
                count.lost,
                count.unwanted,
                count.extra,
                count.untold,
                count.wrong,
                count.toldTwice,
                count.early,
                count.disordered,
                ledger.changed());
    }

    /** @param inFlight most that may have been delivered again: what was under way when gateways were killed */
    boolean areGood(int inFlight) {
        return lost + unwanted + untold + wrong + toldTwice + early + disordered + changed == 0 && extra <= inFlight;
    }

    private static final class Count {
        final Map<End, Integer> expected = new HashMap<>();
        /** When the last of a line arrived, by action and line. */
        final Map<String, Long> lines = new HashMap<>();

        int accepted;
        int counted;
        int lost;
        int unwanted;
        int extra;
        int untold;
        int wrong;
        int toldTwice;
        int early;
        int disordered;

        void arrivals(Ledger ledger, int number) {
            accepted++;
            counted += Mix.kind(number) == Kind.COUNTED ? 1 : 0;
            expected.merge(Mix.end(number), 1, Integer::sum);
            int copies = ledger.copies(number);
            boolean wanted = Mix.end(number) == End.SENT;
            lost += wanted && copies == 0 ? 1 : 0;
            unwanted += !wanted && copies > 0 ? 1 : 0;
            extra += Math.max(0, copies - 1);
            if (copies > 0) {
                long due = ledger.offeredAt(number) + Mix.delayMillis(number) * 1_000L;
                early += ledger.arrivedAt(number) < due - ROUNDING_MICROS ? 1 : 0;
                inLine(number, ledger.arrivedAt(number));
            }
        }

        private void inLine(int number, long arrived) {
            if (Mix.kind(number) == Kind.ORDERED) {
                Long before = lines.put(Mix.action(number) + ":" + Mix.line(number), arrived);
                disordered += before != null && before > arrived ? 1 : 0;
            }
        }

        void told(Ends ends, int number) {
            End told = ends.of(number);
            untold += told == null ? 1 : 0;
            wrong += told != null && told != Mix.end(number) ? 1 : 0;
            toldTwice += ends.times(number) > 1 ? 1 : 0;
        }
    }
}
