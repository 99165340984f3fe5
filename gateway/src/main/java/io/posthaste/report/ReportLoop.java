package io.posthaste.report;

import io.posthaste.action.Action.Signature;
import io.posthaste.job.Header;
import io.posthaste.job.NoAnswerCause;
import io.posthaste.job.RenderedRequest;
import io.posthaste.job.Reply;
import io.posthaste.job.SignedRequest;
import io.posthaste.metrics.Repeating;
import io.posthaste.send.RequestSender;
import io.posthaste.store.reporting.ReportFeed.Entry;
import io.posthaste.store.reporting.ReportFeed.Told;
import io.posthaste.store.reporting.ReportFeed.Turn;
import io.posthaste.store.reporting.ReportingWebhook;
import io.posthaste.store.reporting.ReportingWebhook.Metric;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Sends one webhook its events, one at a time and in order: an event that is not taken holds up those behind it. One
 * turn takes the lease and some events, and sends them until one fails; never dies, stops after the attempt under way.
 */
final class ReportLoop {
    private static final Logger log = LoggerFactory.getLogger(ReportLoop.class);

    /** Between two looks while there is nothing to send. */
    private static final Duration IDLE = Duration.ofMillis(250);

    /** However long a pause: how soon a resumed webhook goes on, and another gateway's lease is taken over. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    /** What must be left of the lease before an attempt: its time-out, and some for recording it. */
    private static final Duration LEAST_LEASE = ReportPolicy.TIMEOUT.plusSeconds(2);

    private static final List<Header> HEADERS = List.of(new Header("Content-Type", "application/json"));

    /** Troubles of this process: nothing was sent, or nobody knows. */
    private static final Set<NoAnswerCause> OURS = EnumSet.of(NoAnswerCause.STOPPED, NoAnswerCause.NO_DESCRIPTOR);

    private final String owner;
    private final Reporting.Stages stages;
    private final Reporting.Surroundings around;
    private final Sinks.Empty<Void> stopping = Sinks.empty();
    private final Sinks.Empty<Void> stopped = Sinks.empty();
    private volatile ReportingWebhook webhook;
    private volatile boolean running = true;
    private int outages;
    private boolean asking;

    /** @param owner holds the leases; no other loop's name anywhere */
    ReportLoop(ReportingWebhook webhook, String owner, Reporting.Stages stages) {
        this.webhook = webhook;
        this.owner = owner;
        this.stages = stages;
        this.around = stages.surroundings();
    }

    /** From the next turn on, the webhook is this. */
    void use(ReportingWebhook changed) {
        webhook = changed;
    }

    void start() {
        Repeating.ending(this::turn, Repeating.LONGEST_TURN, around.thread())
                .doOnNext(pause -> outages = 0)
                .onErrorResume(this::outage)
                .flatMap(this::pause)
                .repeat(() -> running)
                .then(Mono.defer(() -> stages.feed().release(webhook.id(), owner)))
                .onErrorComplete()
                .doFinally(end -> stopped.tryEmitEmpty())
                .subscribe();
    }

    /** Completes when the attempt under way is recorded and the lease given up. */
    Mono<Void> stop() {
        running = false;
        stopping.tryEmitEmpty();
        return stopped.asMono();
    }

    /** Answers how long to wait before the next turn. */
    private Mono<Duration> turn() {
        if (!stages.settings().here().getAsBoolean()) {
            return letGo();
        }
        asking = true;
        ReportingWebhook to = webhook;
        long asked = around.nanoTime().getAsLong();
        return stages.feed()
                .next(to.id(), owner)
                .publishOn(around.thread())
                .flatMap(turn -> take(to, turn, asked + turn.remaining().toNanos()))
                .defaultIfEmpty(LONGEST_WAIT);
    }

    /** Another gateway sends from now on, and need not wait until the lease has run out. */
    private Mono<Duration> letGo() {
        if (!asking) {
            return Mono.just(LONGEST_WAIT);
        }
        asking = false;
        return stages.feed().release(webhook.id(), owner).thenReturn(LONGEST_WAIT);
    }

    private Mono<Duration> take(ReportingWebhook to, Turn turn, long leasedUntil) {
        if (turn.lost() > 0) {
            log.atError()
                    .addKeyValue("webhook", to.id())
                    .addKeyValue("events", turn.lost())
                    .log("report.lost");
        }
        if (!turn.pause().isZero()) {
            return Mono.just(turn.pause().compareTo(LONGEST_WAIT) < 0 ? turn.pause() : LONGEST_WAIT);
        }
        if (turn.entries().isEmpty()) {
            return Mono.just(IDLE);
        }
        Attempts attempts = new Attempts(to, turn, leasedUntil);
        return Flux.fromIterable(turn.entries())
                .concatMap(attempts::next, 1)
                .takeUntil(goesOn -> !goesOn)
                .then(Mono.just(Duration.ZERO));
    }

    /** The events of one turn. */
    private final class Attempts {
        private final ReportingWebhook to;
        private final Turn turn;
        private long leasedUntil;
        private int failures;

        Attempts(ReportingWebhook to, Turn turn, long leasedUntil) {
            this.to = to;
            this.turn = turn;
            this.leasedUntil = leasedUntil;
            this.failures = turn.failures();
        }

        /** Whether the turn goes on: the event is done with, and the lease still ours. */
        Mono<Boolean> next(Entry entry) {
            if (!running || leasedUntil - around.nanoTime().getAsLong() < LEAST_LEASE.toNanos()) {
                return Mono.just(false);
            }
            return Mono.fromSupplier(() -> new ReportEvent(stages.settings().shard(), entry))
                    .subscribeOn(around.thread())
                    .flatMap(this::attempt)
                    .flatMap(outcome -> record(entry, outcome))
                    .defaultIfEmpty(false);
        }

        /** Empty when this process ended the attempt: nothing is known of it, and it is made again. */
        private Mono<Told> attempt(ReportEvent event) {
            if (isExpired(event)) {
                return Mono.just(new Told.Expired());
            }
            if (!wants(to, event.metric())) {
                return Mono.just(new Told.Skipped());
            }
            return stages.sender()
                    .send(signed(to, event), new RequestSender.Terms(ReportPolicy.TIMEOUT))
                    .filter(reply -> !(reply instanceof Reply.NoAnswer none && OURS.contains(none.cause())))
                    .map(this::judge);
        }

        private Told judge(Reply reply) {
            Told outcome = stages.policy().judge(reply, failures);
            failures = outcome instanceof Told.Failed ? failures + 1 : 0;
            return outcome;
        }

        private Mono<Boolean> record(Entry entry, Told outcome) {
            long asked = around.nanoTime().getAsLong();
            return stages.feed().record(to.id(), turn.token(), entry, outcome).map(recorded -> {
                leasedUntil = asked + Reporting.LEASE.toNanos();
                tell(to, outcome, failures);
                return recorded && !(outcome instanceof Told.Failed);
            });
        }
    }

    private boolean isExpired(ReportEvent event) {
        return event.at()
                < around.clock().millis() - stages.settings().retention().toMillis();
    }

    private static boolean wants(ReportingWebhook to, String metric) {
        return to.metrics().stream().map(Metric::name).anyMatch(metric.toUpperCase(Locale.ROOT)::equals);
    }

    private SignedRequest signed(ReportingWebhook to, ReportEvent event) {
        RenderedRequest request = new RenderedRequest("POST", to.url(), HEADERS, event.json(to.withContent()));
        return stages.signer().sign(event.deliveryId(), event.id(), request, List.of(Signature.CIO));
    }

    /** The 1st, 2nd, 4th … failure in a row, and every pause. */
    private static void tell(ReportingWebhook to, Told outcome, int failures) {
        if (outcome instanceof Told.Failed failed && (failed.paused() || Integer.bitCount(failures) == 1)) {
            log.atWarn()
                    .addKeyValue("webhook", to.id())
                    .addKeyValue("reason", failed.reason())
                    .addKeyValue("failures", failures)
                    .addKeyValue("next_in", failed.delay())
                    .log(failed.paused() ? "report.paused" : "report.failed");
        }
    }

    private Mono<Duration> outage(Throwable failure) {
        if (Integer.bitCount(++outages) == 1) {
            log.atWarn()
                    .addKeyValue("webhook", webhook.id())
                    .addKeyValue("outages", outages)
                    .addKeyValue("cause", failure.toString())
                    .log("report.interrupted");
        }
        return Mono.just(LONGEST_WAIT);
    }

    private Mono<Void> pause(Duration length) {
        return length.isZero()
                ? Mono.empty()
                : Mono.firstWithSignal(Mono.delay(length, around.thread()).then(), stopping.asMono());
    }
}
