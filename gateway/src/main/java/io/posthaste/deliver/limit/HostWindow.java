package io.posthaste.deliver.limit;

import java.time.Duration;

/**
 * How many attempts one host may have in flight, found from how it answers: it starts small, while it is used grows by one with
 * each success, which doubles it in one latency, and stops growing when its latency rises above what it was at the start. An
 * answer that says "too much", or none at all, takes an eighth.
 *
 * <p>A receiver that gets more than it can serve queues it; one that became slower for good looks the same. So after half
 * a minute of that the window starts again and learns what is usual now.
 *
 * @param limit attempts in flight
 * @param lost places that trouble took and answers have not brought back
 * @param heard successes so far, as far as they matter
 * @param usual milliseconds an answer took over the first {@value #LEARNED}
 * @param recent the same over the last {@value #REMEMBERED} or so
 * @param risenAt nanoseconds, since when it takes longer than usual; 0 when it does not
 */
record HostWindow(int limit, int lost, int heard, double usual, double recent, long risenAt) {
    /** Enough for most receivers, and connections that nobody minds to see opened at once. */
    static final int START = 64;

    static final int LEARNED = 128;
    static final int REMEMBERED = 64;
    private static final int STEP = 8;

    /** How many times its usual latency a host may take before it gets no more, and before it gets less. */
    private static final int RISING = 2;

    private static final int OVERLOADED = 4;

    /** Milliseconds on top, so that those who answer at once are not held back by the noise of this process. */
    private static final int NOISE = 50;

    private static final long LEARNS_AGAIN_NANOS = Duration.ofSeconds(30).toNanos();

    /** @param most places of a host, whatever it answers */
    static HostWindow first(int most) {
        return new HostWindow(Math.min(START, most), 0, 0, 0, 0, 0);
    }

    boolean isInTrouble() {
        return lost > 0;
    }

    /** Whether the next success may bring another place. */
    boolean isGrowing(int most) {
        return limit < most && !isOver(RISING);
    }

    /**
     * @param used attempts in flight, this one included: a limit that is not used says nothing about its host
     * @param now nanoseconds, not 0
     */
    HostWindow succeeded(long elapsedMillis, int used, int most, long now) {
        HostWindow next = heard(elapsedMillis, now);
        if (next.risenAt != 0 && now - next.risenAt > LEARNS_AGAIN_NANOS && !next.isInTrouble()) {
            return first(most);
        }
        int regained = Math.max(0, lost - 1);
        boolean mayGrow = isInTrouble() || 2L * used >= limit;
        int more = next.isOver(OVERLOADED) ? lowered() : mayGrow && next.isGrowing(most) ? limit + 1 : limit;
        return new HostWindow(more, regained, next.heard, next.usual, next.recent, next.risenAt);
    }

    /** @param least what remains however long the trouble lasts */
    HostWindow failed(int least) {
        int left = Math.max(least, limit - Math.max(1, limit / STEP));
        return new HostWindow(left, lost + limit - left, heard, usual, recent, risenAt);
    }

    private int lowered() {
        return Math.max(Math.min(limit, START), limit - 1);
    }

    private boolean isOver(int times) {
        return recent > times * usual + NOISE;
    }

    private HostWindow heard(long elapsedMillis, long now) {
        int count = Math.min(heard + 1, LEARNED + 1);
        double quick = recent + (elapsedMillis - recent) / Math.min(count, REMEMBERED);
        double slow = count > LEARNED ? usual : usual + (elapsedMillis - usual) / count;
        HostWindow next = new HostWindow(limit, lost, count, slow, quick, risenAt);
        return next.isOver(RISING) ? next.risen(risenAt == 0 ? now : risenAt) : next.risen(0);
    }

    private HostWindow risen(long at) {
        return new HostWindow(limit, lost, heard, usual, recent, at);
    }
}
