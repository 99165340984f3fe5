package io.posthaste.host;

import io.posthaste.deliver.limit.HostStanding.Trouble;
import io.posthaste.metrics.AnswerTimes;
import io.posthaste.metrics.HostActivity.Failure;
import io.posthaste.metrics.Percentiles;
import io.posthaste.send.peer.Certificate;
import io.posthaste.send.peer.Peer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One host as one gateway sees it. Times are epoch milliseconds.
 *
 * @param host name and port
 * @param since when its trouble began; 0 without any
 * @param limit attempts that may be in flight to it from there
 * @param waiting requests that wait for a connection
 * @param connections with a request; {@code idle} are kept for the next
 * @param attempts of the last five minutes
 * @param failed those that were not answered 2xx
 * @param times of all attempts, by {@link AnswerTimes#step}
 * @param errors how many there were, by reason
 * @param lastError null when there was none lately
 */
public record HostReport(
        String host,
        Trouble trouble,
        long since,
        int inFlight,
        int limit,
        int waiting,
        int connections,
        int idle,
        long attempts,
        long failed,
        long[] times,
        Map<String, Long> errors,
        @Nullable Failure lastError,
        Peer peer) {
    /** Certificates that end sooner are trouble. */
    public static final long SOON_MILLIS = 14 * 86_400_000L;

    /** Makes whole what Redis brought: its content is nobody's word. */
    public HostReport {
        host = Objects.requireNonNullElse(host, "");
        trouble = Objects.requireNonNullElse(trouble, Trouble.NONE);
        times = times == null || times.length != AnswerTimes.STEPS ? new long[AnswerTimes.STEPS] : times;
        errors = Objects.requireNonNullElse(errors, Map.of());
        peer = Objects.requireNonNullElse(peer, Peer.UNKNOWN);
    }

    /** When what it shows of itself ends; 0 without TLS. */
    public long certificateExpires() {
        Certificate shown = peer.certificate();
        return shown == null ? 0 : shown.expires();
    }

    public Percentiles took() {
        return AnswerTimes.percentiles(times);
    }

    /** Those first that need somebody: the worst, then where most fails, then the busiest. */
    static Comparator<HostReport> byTrouble(long now) {
        return Comparator.<HostReport>comparingInt(report -> report.pain(now))
                .thenComparingLong(HostReport::failed)
                .thenComparing(BY_TRAFFIC.reversed())
                .reversed();
    }

    static final Comparator<HostReport> BY_TRAFFIC = Comparator.comparingLong(HostReport::attempts)
            .thenComparingInt(HostReport::inFlight)
            .reversed()
            .thenComparing(HostReport::host);

    private int pain(long now) {
        boolean ends = certificateExpires() > 0 && certificateExpires() - now < SOON_MILLIS;
        boolean fails = failed > 0 && 2 * failed >= attempts;
        return switch (trouble) {
            case SILENT -> 4;
            case REDUCED -> 3;
            case FULL -> fails || ends ? 2 : 1;
            case NONE -> fails || ends ? 2 : 0;
        };
    }

    /** As two gateways see it together; the peer is whose certificate was seen last. */
    public HostReport and(HostReport more) {
        long[] sums = times.clone();
        Arrays.setAll(sums, step -> times[step] + more.times[step]);
        Map<String, Long> all = new HashMap<>(errors);
        more.errors.forEach((reason, count) -> all.merge(reason, count, Long::sum));
        int worse = trouble.compareTo(more.trouble);
        return new HostReport(
                host,
                worse >= 0 ? trouble : more.trouble,
                worse == 0 ? Math.min(since, more.since) : worse > 0 ? since : more.since,
                inFlight + more.inFlight,
                limit + more.limit,
                waiting + more.waiting,
                connections + more.connections,
                idle + more.idle,
                attempts + more.attempts,
                failed + more.failed,
                sums,
                all,
                later(lastError, more.lastError),
                seenAt(peer) >= seenAt(more.peer) ? peer : more.peer);
    }

    private static @Nullable Failure later(@Nullable Failure one, @Nullable Failure other) {
        return one == null || (other != null && other.at() > one.at()) ? other : one;
    }

    private static long seenAt(Peer peer) {
        Certificate shown = peer.certificate();
        return shown == null ? 0 : shown.seenAt();
    }
}
