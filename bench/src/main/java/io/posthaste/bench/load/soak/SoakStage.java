package io.posthaste.bench.load.soak;

import io.posthaste.bench.load.drive.Arrivals;
import io.posthaste.bench.load.drive.Ledger;
import io.posthaste.bench.load.drive.Shard;
import io.posthaste.bench.load.drive.Templates;
import io.posthaste.bench.load.drive.Workload;
import io.posthaste.bench.load.process.GatewayProcess;
import io.posthaste.bench.load.process.LoadException;
import io.posthaste.bench.load.process.ReceiverProcess;
import io.posthaste.bench.load.process.RedisConnection;
import io.posthaste.bench.load.process.RedisServer;
import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a soak needs around it.
 *
 * @param plain the receiver of most actions
 * @param tls the receiver of {@link Kind#SECRET}
 */
public record SoakStage(RedisServer redis, GatewayProcess gateway, ReceiverProcess plain, ReceiverProcess tls)
        implements AutoCloseable {
    static final String SHARD = "posthaste:{0}:";
    /** Size from which Redis writes its file anew: a soak sees that many times. */
    public static final String REWRITE_FROM = "24mb";

    /** Hosts of the certificate that {@link #tls} needs. */
    public static final int TLS_HOSTS = Mix.TLS_HOSTS;

    /**
     * Settings of the gateway that make a soak short: what is kept for a time is kept for a minute, what is kept up to a
     * number fills within two, so that Redis can be flat after that.
     */
    public static Map<String, String> settings(ReceiverProcess plain, ReceiverProcess tls, boolean quick) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put(
                "POSTHASTE_SEND_ALLOW_ADDRESSES",
                plain.uri().getHost() + "/32:" + plain.uri().getPort() + allowed(plain.uri(), Mix.HOSTS)
                        + allowed(tls.uri(), Mix.TLS_HOSTS));
        settings.put("POSTHASTE_HISTORY_SENT", "1m");
        settings.put("POSTHASTE_HISTORY_SENT_MAX", "5000");
        settings.put("POSTHASTE_HISTORY_FAILED", "1m");
        settings.put("POSTHASTE_HISTORY_REQUESTS", "4MiB");
        settings.put("POSTHASTE_HISTORY_EXCHANGES", "all");
        settings.put("POSTHASTE_QUEUE_RESULTS_MAX_LENGTH", "10000");
        settings.put("POSTHASTE_REPORTS_MAX_LENGTH", "1000");
        settings.put("POSTHASTE_DEDUPE_WINDOW", "30s");
        if (quick) {
            settings.put("POSTHASTE_QUEUE_LEASE_MARGIN", "4s");
        }
        return settings;
    }

    private static String allowed(URI receiver, int hosts) {
        return IntStream.range(0, hosts)
                .mapToObj(host -> "," + ReceiverProcess.host(host) + "/32:" + receiver.getPort())
                .collect(Collectors.joining());
    }

    /** Stores the actions, tells the receivers how to behave, and lets failures be reported. */
    void prepare() {
        Templates templates = Templates.named("zendesk");
        for (int action = 0; action < Mix.ACTIONS; action++) {
            Kind kind = Mix.kindOfAction(action);
            ReceiverProcess receiver = kind == Kind.SECRET ? tls : plain;
            receiver.behave(Workload.path(action), kind.behaviour());
            String url = receiver.uri()
                    .resolve(Workload.path(action))
                    .toString()
                    .replace(receiver.uri().getHost(), "{{ event.host }}");
            gateway.putAction(
                    Workload.actionId(action),
                    templates.action(Workload.actionId(action), url, kind.retry(), null, kind == Kind.COUNTED));
        }
        gateway.put(
                "/v1/reporting-webhooks/soak",
                "{\"url\": \"%s\", \"metrics\": [\"failed\", \"undeliverable\"]}"
                        .formatted(plain.uri().resolve("/report")));
    }

    /** What both receivers saw and what the gateway told of ends. */
    Arrivals arrivals(Ends ends) {
        Arrivals.AtReceiver first = new Arrivals.AtReceiver(plain);
        Arrivals.AtReceiver second = new Arrivals.AtReceiver(tls);
        return ledger -> {
            first.poll(ledger);
            second.poll(ledger);
            poll(ends, ledger);
        };
    }

    private void poll(Ends ends, Ledger ledger) {
        if (ends.count() < ledger.acceptances()) {
            try (RedisConnection connection = RedisConnection.open(redis.address())) {
                ends.poll(connection);
            } catch (IOException e) {
                throw new LoadException("cannot read " + Ends.RESULTS + ": " + e.getMessage(), e);
            }
        }
    }

    /** Jobs that hold a lease now. */
    int leased() throws IOException {
        try (RedisConnection connection = RedisConnection.open(redis.address())) {
            return (int) connection.number("ZCARD", SHARD + "leased");
        }
    }

    /** Jobs that wait for anything, in whatever state. */
    long unfinished() throws IOException {
        try (RedisConnection connection = RedisConnection.open(redis.address())) {
            return connection.number("XLEN", SHARD + "inbox")
                    + connection.number("ZCARD", SHARD + "leased")
                    + connection.number("ZCARD", SHARD + "parked-at")
                    + connection.number("ZCARD", SHARD + "drafts")
                    + connection.number("HLEN", SHARD + "ordered")
                    + connection.number("HLEN", SHARD + "busy");
        }
    }

    /** What answers added up to, over all people. */
    long added() throws IOException {
        return new Shard(redis).sumOfPeople(Mix.PEOPLE);
    }

    /** Whether every signature that was looked at was right. */
    boolean isSignedWell() {
        return plain.stats().getOrDefault("signatures_bad", 0L) + tls.stats().getOrDefault("signatures_bad", 0L) == 0;
    }

    @Override
    public void close() {
        gateway.close();
        redis.close();
    }
}
