package io.posthaste.deliver;

import java.time.Duration;

/**
 * What is known of a host.
 *
 * @param inFlight attempts
 * @param bytes of their bodies
 * @param window places once it is proven
 * @param proven whether it has answered lately
 * @param failed whether it was tried and did not answer, since it last did
 * @param answeredAt nanoseconds, when it was last heard; of use only while proven
 * @param usedAt nanoseconds
 */
record Host(int inFlight, long bytes, HostWindow window, boolean proven, boolean failed, long answeredAt, long usedAt) {
    /** As long as connections are kept idle by default: what comes then opens them anew, and must not do so all at once. */
    private static final long ALONE_NANOS = Duration.ofSeconds(30).toNanos();

    /** @param most places of any host */
    static Host unknown(int most, long now) {
        return new Host(0, 0, HostWindow.first(most), false, false, now, now);
    }

    /** In trouble: it did not answer, or lost places and has not got them back. */
    boolean isInTrouble() {
        return failed || window.isInTrouble();
    }

    /** @param least what a host has until it is proven */
    int places(int least) {
        return proven ? window.limit() : Math.min(window.limit(), least);
    }

    /** As it is found again: one that was left alone for long starts again. */
    Host rested(int most, long now) {
        boolean alone = inFlight == 0 && now - usedAt > ALONE_NANOS;
        return alone && !isInTrouble()
                ? new Host(0, 0, HostWindow.first(most), proven, false, answeredAt, usedAt)
                : this;
    }

    Host entered(long more, long now) {
        return new Host(inFlight + 1, bytes + more, window, proven, failed, answeredAt, now);
    }

    /**
     * @param less bytes of the attempt that ended
     * @param startedAt nanoseconds, when it began
     * @param most places of any host
     * @param least places that trouble leaves
     */
    Host left(Heard heard, long less, long startedAt, int most, int least, long now) {
        return switch (heard) {
            case Heard.Success success ->
                answered(window.succeeded(success.elapsedMillis(), inFlight, most, now), less, now);
            case Heard.Answer answer -> answered(window, less, now);
            case Heard.TooMuch tooMuch -> answered(window.failed(least), less, now);
            case Heard.Silence silence -> {
                boolean heardSince = proven && answeredAt - startedAt > 0;
                yield new Host(
                        inFlight - 1, bytes - less, window.failed(least), heardSince, !heardSince, answeredAt, now);
            }
            case Heard.Nothing nothing -> new Host(inFlight - 1, bytes - less, window, proven, failed, answeredAt, now);
        };
    }

    private Host answered(HostWindow after, long less, long now) {
        return new Host(inFlight - 1, bytes - less, after, true, false, now, now);
    }
}
