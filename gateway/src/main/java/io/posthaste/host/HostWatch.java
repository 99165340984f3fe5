package io.posthaste.host;

import io.posthaste.deliver.limit.HostLimits;
import io.posthaste.deliver.limit.HostStanding;
import io.posthaste.deliver.limit.HostStanding.Trouble;
import io.posthaste.job.SecretValues;
import io.posthaste.metrics.HostActivity.Answers;
import io.posthaste.metrics.HostActivity.Failure;
import io.posthaste.metrics.Repeating;
import io.posthaste.send.ConnectionPools.Held;
import io.posthaste.send.RequestSender;
import io.posthaste.send.peer.Peer;
import io.posthaste.store.host.HostBoard;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Puts together what this gateway knows of hosts, tells the others what is most worth telling every few seconds, and asks
 * for theirs when somebody looks. Nothing of it is on the way of a delivery. Secrets in hosts and reasons are hidden before
 * anything leaves the process.
 */
public final class HostWatch {
    private static final Duration PERIOD = Duration.ofSeconds(5);
    private static final int TURNS_A_MINUTE = 12;

    /** Gateways that are asked at most, beside this one. */
    private static final int MOST_GATEWAYS = 50;

    /** However many look. */
    private static final Duration LOOKS_EVERY = Duration.ofSeconds(1);

    private final String gateway;
    private final Supplier<List<String>> alive;
    private final HostLimits hosts;
    private final HostBoard board;
    private final Supplier<SecretValues> secrets;
    private final InstantSource clock;
    private final Mono<HostsSeen> seen;
    private volatile @Nullable RequestSender sender;
    private volatile Map<String, Long> troubled = Map.of();
    private int turns;

    /**
     * @param gateway what this one is called
     * @param alive all of them
     */
    public HostWatch(
            String gateway,
            Supplier<List<String>> alive,
            HostLimits hosts,
            HostBoard board,
            Supplier<SecretValues> secrets,
            InstantSource clock) {
        this.gateway = gateway;
        this.alive = alive;
        this.hosts = hosts;
        this.board = board;
        this.secrets = secrets;
        this.clock = clock;
        this.seen = Mono.defer(this::look).cache(value -> LOOKS_EVERY, failure -> Duration.ZERO, () -> Duration.ZERO);
    }

    /** From now on connections are known, too. */
    public void watches(RequestSender from) {
        sender = from;
    }

    public Disposable start(Scheduler timer) {
        return Repeating.every("hosts", PERIOD, PERIOD, timer, this::turn);
    }

    /** One turn; turns never overlap. Nothing is said while nothing is known. */
    public Mono<Void> turn() {
        if (++turns % TURNS_A_MINUTE == 0) {
            hosts.activity().tick();
        }
        long now = clock.millis();
        troubled = troubled(now);
        List<HostReport> own = own(now);
        return own.isEmpty()
                ? Mono.empty()
                : board.write(
                                gateway,
                                HostReports.write(own.stream()
                                        .sorted(HostReport.byTrouble(now))
                                        .toList()))
                        // What Redis does not take is said anew in a moment.
                        .onErrorComplete();
    }

    /** What all of them know, as of a second ago. */
    public Mono<HostsSeen> seen() {
        return seen;
    }

    private Mono<HostsSeen> look() {
        List<String> all = alive.get();
        List<HostReport> own = own(clock.millis());
        return Flux.fromIterable(all)
                .filter(other -> !other.equals(gateway))
                .take(MOST_GATEWAYS)
                .flatMapSequential(other -> board.read(other)
                        .map(word -> Map.entry(other, HostReports.read(word)))
                        .onErrorComplete())
                .collectMap(Map.Entry::getKey, Map.Entry::getValue, TreeMap::new)
                .map(heard -> {
                    heard.put(gateway, own);
                    return new HostsSeen(gateway, all, heard);
                });
    }

    /** Since when each host is in trouble: as long as it is, however its trouble changes. */
    private Map<String, Long> troubled(long now) {
        Map<String, Long> before = troubled;
        Map<String, Long> after = new HashMap<>();
        for (HostStanding host : hosts.standings()) {
            if (host.trouble() != Trouble.NONE) {
                after.put(host.host(), before.getOrDefault(host.host(), now));
            }
        }
        return after;
    }

    private List<HostReport> own(long now) {
        SecretValues hidden = secrets.get();
        RequestSender from = sender;
        Map<String, Held> connections = from == null ? Map.of() : from.connections();
        Map<String, Answers> answers = hosts.activity().answers();
        return hosts.standings().stream()
                .map(host -> report(
                        host,
                        answers.getOrDefault(host.host(), Answers.NONE),
                        connections.getOrDefault(host.host(), Held.NONE),
                        from == null ? Peer.UNKNOWN : from.peers().of(host.host()),
                        hidden,
                        now))
                .toList();
    }

    private HostReport report(HostStanding host, Answers answers, Held held, Peer peer, SecretValues hidden, long now) {
        Map<String, Long> errors = new HashMap<>();
        answers.errors().forEach((reason, count) -> errors.merge(hidden.hide(reason), count, Long::sum));
        Failure last = answers.last();
        return new HostReport(
                hidden.hide(host.host()),
                host.trouble(),
                host.trouble() == Trouble.NONE ? 0 : troubled.getOrDefault(host.host(), now),
                host.inFlight(),
                host.limit(),
                held.waiting(),
                held.active(),
                held.idle(),
                answers.attempts(),
                answers.failed(),
                answers.times(),
                errors,
                last == null ? null : new Failure(hidden.hide(last.reason()), last.at()),
                peer);
    }
}
