package io.posthaste.deliver.limit;

import java.time.Duration;

/**
 * What is known of a host.
 *
 * @param inFlight attempts
 * @param bytes of their bodies
 * @param window places once it is proven
 * @param standing whether it answers
 * @param lanes whose attempts are in flight; shared with the records that were and will be of this host
 * @param usedAt nanoseconds
 */
record HostState(int inFlight, long bytes, HostWindow window, Standing standing, HostLanes lanes, long usedAt) {
    /** As long as connections are kept idle by default: what comes then opens them anew, and must not do so all at once. */
    private static final long ALONE_NANOS = Duration.ofSeconds(30).toNanos();

    /**
     * Whether a host answers.
     *
     * @param proven whether it has answered lately
     * @param failed whether it was tried and did not answer, since it last did
     * @param answeredAt nanoseconds, when it was last heard; of use only while proven
     */
    record Standing(boolean proven, boolean failed, long answeredAt) {
        private static Standing answered(long now) {
            return new Standing(true, false, now);
        }

        private boolean answeredSince(long at) {
            return proven && answeredAt - at > 0;
        }

        private Standing afterSilenceSince(long at) {
            boolean heardSince = answeredSince(at);
            return new Standing(heardSince, !heardSince, answeredAt);
        }
    }

    /** @param most places of any host */
    static HostState unknown(int most, long now) {
        return new HostState(0, 0, HostWindow.first(most), new Standing(false, false, now), new HostLanes(), now);
    }

    boolean proven() {
        return standing.proven();
    }

    boolean failed() {
        return standing.failed();
    }

    /** In trouble: it did not answer, or lost places and has not got them back. */
    boolean isInTrouble() {
        return failed() || window.isInTrouble();
    }

    /** @param least what a host has until it is proven */
    int places(int least) {
        return proven() ? window.limit() : Math.min(window.limit(), least);
    }

    /** Whether it answers others, but not this lane. */
    boolean isSilentFor(String lane) {
        return proven() && lanes.isSilent(lane, standing.answeredAt(), HostLanes.patience(window.usual()));
    }

    /** As it is found again: one that was left alone for long starts again. */
    HostState rested(int most, long now) {
        boolean alone = inFlight == 0 && now - usedAt > ALONE_NANOS;
        return alone && !isInTrouble() ? new HostState(0, 0, HostWindow.first(most), standing, lanes, usedAt) : this;
    }

    HostState entered(HostLimits.Place place) {
        lanes.enter(place.lane(), place.isProbe(), place.at());
        return new HostState(inFlight + 1, bytes + place.bytes(), window, standing, lanes, place.at());
    }

    /**
     * @param most places of any host
     * @param least places that trouble leaves
     */
    HostState left(HostLimits.Place place, Heard heard, int most, int least, long now) {
        boolean lanesOwn = heard instanceof Heard.Silence && isSilenceOfLane(place);
        lanes.leave(place.lane(), place.isProbe(), heard.isAnswer(), now);
        long rest = bytes - place.bytes();
        return switch (heard) {
            case Heard.Success success ->
                answered(window.succeeded(success.elapsedMillis(), inFlight, most, now), rest, now);
            case Heard.Answer answer -> answered(window, rest, now);
            case Heard.TooMuch tooMuch -> answered(window.failed(least), rest, now);
            case Heard.Silence silence -> silent(lanesOwn ? window : window.failed(least), rest, place.at(), now);
            case Heard.Nothing nothing -> new HostState(inFlight - 1, rest, window, standing, lanes, now);
        };
    }

    private HostState answered(HostWindow after, long rest, long now) {
        return new HostState(inFlight - 1, rest, after, Standing.answered(now), lanes, now);
    }

    private HostState silent(HostWindow after, long rest, long since, long now) {
        return new HostState(inFlight - 1, rest, after, standing.afterSilenceSince(since), lanes, now);
    }

    private boolean isSilenceOfLane(HostLimits.Place place) {
        return standing.answeredSince(place.at())
                && lanes.isLanesOwn(place.lane(), standing.answeredAt(), HostLanes.patience(window.usual()));
    }
}
