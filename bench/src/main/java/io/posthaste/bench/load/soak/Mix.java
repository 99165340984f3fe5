package io.posthaste.bench.load.soak;

import io.posthaste.bench.load.drive.Workload;
import java.util.List;

/** What the jobs of a soak are, each by its number, and how it must end. Nothing is drawn: a number says it all. */
final class Mix {
    static final int ACTIONS = 240;
    /** Hosts that come and go: actions move to others as the run goes on, and come back. */
    static final int HOSTS = 1_200;
    /** Those that speak TLS, all in one certificate. */
    static final int TLS_HOSTS = 40;

    static final int PEOPLE = 32;
    private static final int LINES = 3;
    private static final int ROUNDS_AT_A_HOST = 20;
    private static final int LEAST_DELAY_MILLIS = 1_000;
    private static final int MOST_DELAY_MILLIS = 90_000;

    /** Of 24 actions in turn; the last of them is a rare one. */
    private static final List<Kind> USUAL = List.of(
            Kind.QUICK,
            Kind.SLOW,
            Kind.SHAKY,
            Kind.COUNTED,
            Kind.QUICK,
            Kind.SECRET,
            Kind.TAIL,
            Kind.REFUSED,
            Kind.QUICK,
            Kind.SLOW,
            Kind.ORDERED,
            Kind.DRAFTED,
            Kind.QUICK,
            Kind.SHAKY,
            Kind.SCHEDULED,
            Kind.SECRET,
            Kind.QUICK,
            Kind.SLOW,
            Kind.TAIL,
            Kind.BROKEN,
            Kind.QUICK,
            Kind.COUNTED,
            Kind.SLOW);

    private static final List<Kind> RARE = List.of(
            Kind.SILENT,
            Kind.LARGE,
            Kind.RESET,
            Kind.CLOSING,
            Kind.DRIPPING,
            Kind.FLOODING,
            Kind.LARGE,
            Kind.ORDERED,
            Kind.CLOSING,
            Kind.SCHEDULED);

    private Mix() {}

    static int action(int number) {
        return number % ACTIONS;
    }

    static Kind kindOfAction(int action) {
        int turn = action % (USUAL.size() + 1);
        return turn < USUAL.size() ? USUAL.get(turn) : RARE.get(action / (USUAL.size() + 1) % RARE.size());
    }

    static Kind kind(int number) {
        return kindOfAction(action(number));
    }

    /** How the job ends. */
    static End end(int number) {
        Kind kind = kind(number);
        return kind == Kind.DRAFTED && round(number) % 3 == 0 ? End.DISCARDED : kind.end();
    }

    /** How long after it was enqueued it is due; 0 for at once. */
    static int delayMillis(int number) {
        return kind(number) == Kind.SCHEDULED
                ? LEAST_DELAY_MILLIS + number * 7 % (MOST_DELAY_MILLIS - LEAST_DELAY_MILLIS)
                : 0;
    }

    /** The number of its line among those of its action. */
    static int line(int number) {
        return round(number) % LINES;
    }

    /** The number of the host that it is sent to. */
    static int host(int number) {
        int moved = round(number) / ROUNDS_AT_A_HOST;
        int host = (action(number) + moved * ACTIONS) % HOSTS;
        return kind(number) == Kind.SECRET ? host % TLS_HOSTS : host;
    }

    /** Whose attributes its answer sets. */
    static String person(int number) {
        return Workload.personId(round(number) % PEOPLE);
    }

    /** Least bytes of its data. */
    static int bytes(int number) {
        return kind(number) == Kind.LARGE ? (32 + round(number) % 129) << 10 : 0;
    }

    /** How often its action had a job before. */
    private static int round(int number) {
        return number / ACTIONS;
    }
}
