package io.posthaste.boot;

import io.posthaste.metrics.Repeating;
import io.posthaste.metrics.TaggedGauge;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Tells in time that a client certificate is to be renewed: a gauge always, a warning a day from a while before its end. */
final class CertificateWatch {
    private static final Logger log = LoggerFactory.getLogger(CertificateWatch.class);
    private static final Duration LOOK = Duration.ofSeconds(10);
    private static final Duration AGAIN = Duration.ofDays(1);

    private final Supplier<Map<String, Instant>> ends;
    private final TaggedGauge gauge;
    private final Duration soon;
    private final InstantSource clock;
    private final Map<String, Instant> told = new TreeMap<>();

    /**
     * @param ends names of connections to when their certificates end
     * @param soon how long before that they are warned of
     */
    CertificateWatch(Supplier<Map<String, Instant>> ends, TaggedGauge gauge, Duration soon, InstantSource clock) {
        this.ends = ends;
        this.gauge = gauge;
        this.soon = soon;
        this.clock = clock;
    }

    Disposable start(Scheduler timer) {
        return Repeating.every("certificates", Duration.ZERO, LOOK, timer, () -> Mono.fromRunnable(this::look));
    }

    /** One turn; turns never overlap. */
    void look() {
        Instant now = clock.instant();
        Map<String, Long> left = new TreeMap<>();
        ends.get().forEach((name, end) -> {
            Duration rest = Duration.between(now, end);
            left.put(name, rest.toSeconds());
            tell(name, rest, now);
        });
        told.keySet().retainAll(left.keySet());
        gauge.update(left);
    }

    private void tell(String name, Duration rest, Instant now) {
        Instant last = told.get(name);
        if (rest.compareTo(soon) < 0 && (last == null || now.isAfter(last.plus(AGAIN)))) {
            told.put(name, now);
            log.atWarn()
                    .addKeyValue("connection", name)
                    .addKeyValue("days_left", rest.toDays())
                    .addKeyValue("fix", "put the connection with a new certificate and key; it is used at once")
                    .log("connection.certificate_expiring");
        }
    }
}
