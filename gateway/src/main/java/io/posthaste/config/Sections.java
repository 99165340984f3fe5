package io.posthaste.config;

import io.posthaste.config.GatewayConfig.Admin;
import io.posthaste.config.GatewayConfig.Bin;
import io.posthaste.config.GatewayConfig.Dedupe;
import io.posthaste.config.GatewayConfig.Egress;
import io.posthaste.config.GatewayConfig.History;
import io.posthaste.config.GatewayConfig.Inline;
import io.posthaste.config.GatewayConfig.Keys;
import io.posthaste.config.GatewayConfig.Log;
import io.posthaste.config.GatewayConfig.Queue;
import io.posthaste.config.GatewayConfig.Redis;
import io.posthaste.config.GatewayConfig.Render;
import io.posthaste.config.GatewayConfig.Reports;
import io.posthaste.config.GatewayConfig.Send;
import io.posthaste.config.GatewayConfig.Time;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** Every key with its default and range: the one place they are written. {@code config/posthaste.yaml} says the same. */
final class Sections {
    private static final Pattern TOKEN = Pattern.compile("[!-~]{1,512}");
    private static final Pattern SIGNING_KEY = Pattern.compile("\\S(.{0,510}\\S)?");
    private static final Pattern ENCRYPTION_KEYS = Pattern.compile("[0-9A-Fa-f]{64}(,[0-9A-Fa-f]{64})*");
    private static final Predicate<String> HOST = matching("[0-9A-Za-z.:-]{1,253}");
    private static final Predicate<String> REDIS_URI =
            matching("embedded|rediss?://[^\\s,]+(,(rediss?://)?[^\\s,/]+(/[^\\s,]*)?)*");
    private static final Predicate<String> HEADER_PREFIX = matching("[A-Za-z][A-Za-z0-9]*-([A-Za-z0-9]+-)*");
    private static final Predicate<String> MASKED_NAME = matching("(?=.*[0-9A-Za-z])[0-9A-Za-z_.*-]{1,256}");
    private static final Predicate<String> CLASS = matching("[\\w$]+(\\.[\\w$]+)+");
    private static final Predicate<String> PATTERN = matching("(\\*\\.)?[A-Za-z0-9_.-]{1,253}|[0-9A-Fa-f:.]{2,45}");
    private static final Predicate<String> ADDRESS = matching("\\d{1,3}(\\.\\d{1,3}){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
    private static final Predicate<String> RANGE = matching("\\d{1,3}(\\.\\d{1,3}){3}(/\\d{1,2})?(:\\d{1,5})?"
            + "|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(/\\d{1,3})?|\\[[0-9A-Fa-f:.]+(/\\d{1,3})?](:\\d{1,5})?");
    private static final String RANGE_RULE = "an IP address or CIDR, optionally with a port, such as 10.1.0.0/16:8443";

    private Sections() {}

    static GatewayConfig read(Settings from) {
        return new GatewayConfig(
                admin(from),
                redis(from),
                queue(from),
                new Dedupe(from.duration("dedupe.window", "0s", "0s", "7d")),
                new Inline(from.flag("inline.secrets", false)),
                history(from),
                render(from),
                keys(from),
                send(from),
                new Reports(
                        from.count("reports.max-length", 100_000, 1_000, 100_000_000),
                        from.duration("reports.retention", "7d", "1m", "30d")),
                new Alerting(
                        from.count("alerts.failing-percent", 50, 1, 100),
                        from.count("alerts.failing-attempts", 20, 1, 1_000_000),
                        from.duration("alerts.backlog-age", "10m", "1s", "30d"),
                        from.duration("alerts.certificate", "30d", "1h", "365d"),
                        from.durationOrOff("alerts.pause-failing", "5d", "1m", "365d")),
                new Egress(
                        from.list("egress.ip-addresses", "an IP address", only(ADDRESS)),
                        from.text(
                                "egress.proxy",
                                "",
                                Sections::isProxy,
                                "http://host:port or http://user:password@host:port"),
                        from.list("egress.no-proxy", "a host, or *.example.com for all below", only(PATTERN)),
                        from.flag("egress.judge-names", false)),
                new Bin(from.flag("bin.enabled", false)),
                new Log(
                        from.choice("log.format", "text", "text", "json"),
                        from.choice("log.level", "info", "error", "warn", "info", "debug")),
                new Time(from.number("time.scale", "1", "1", "1000000")));
    }

    /** Rules that take more than one setting. */
    static void checkTogether(GatewayConfig config, List<String> problems) {
        Admin admin = config.admin();
        RedisTls toRedis = config.redis().tls();
        checkPair("admin", admin.tls().certificate(), admin.tls().key(), problems);
        checkPair("redis", toRedis.certificate(), toRedis.key(), problems);
        if (!toRedis.equals(RedisTls.NONE) && !config.redis().uri().contains("rediss://")) {
            problems.add("redis.tls: has no effect, because redis.uri does not begin with rediss://");
        }
        if (!admin.behindProxy()
                && !admin.tls().hasCertificate()
                && !admin.host().matches("127\\..*|::1|localhost")) {
            problems.add(
                    ("admin.host = %s: beyond loopback the token would travel in clear; set admin.tls.certificate and admin.tls.key, or put a proxy with TLS in front"
                                    + " and set admin.behind-proxy = true, or use 127.0.0.1")
                            .formatted(admin.host()));
        }
    }

    private static Admin admin(Settings from) {
        return new Admin(
                from.text("admin.host", "127.0.0.1", HOST, "an IP address or a host name"),
                from.count("admin.port", 8080, 0, 65_535),
                from.secret("admin.token", TOKEN, "1 to 512 visible ASCII characters without spaces"),
                from.path("admin.token-file", "data/admin.token"),
                from.path("admin.tokens-file", "data/admin.tokens"),
                from.list("admin.allowed-hosts", "a host name, optionally with a port", only(HOST)),
                from.flag("admin.behind-proxy", false),
                from.count("admin.writes-per-second", 50, 1, 100_000),
                from.list("admin.masked-names", "letters, digits, - _ . and *, not * alone", only(MASKED_NAME)),
                new ServerTls(pem(from, "admin.tls.certificate"), pem(from, "admin.tls.key")));
    }

    private static Redis redis(Settings from) {
        return new Redis(
                from.text(
                        "redis.uri",
                        "embedded",
                        REDIS_URI,
                        "embedded, redis://..., rediss://... or several with commas"),
                from.countOrAuto("redis.shards", 1, 1_024),
                from.duration("redis.command-timeout", "2s", "100ms", "1m"),
                new Redis.Embedded(
                        from.count("redis.embedded.port", 6_390, 1, 65_535),
                        from.path("redis.embedded.directory", "data/redis"),
                        from.choice("redis.embedded.fsync", "everysec", "always", "everysec", "no")),
                new RedisTls(
                        pem(from, "redis.tls.ca"), pem(from, "redis.tls.certificate"), pem(from, "redis.tls.key")));
    }

    private static Queue queue(Settings from) {
        return new Queue(
                from.count("queue.batch", 256, 1, 256),
                from.duration("queue.lease-margin", "15s", "3s", "10m"),
                from.duration("queue.idle-poll", "20ms", "1ms", "1s"),
                from.duration("queue.settle-delay", "3ms", "0ms", "1s"),
                from.countOrAuto("queue.lane-max-in-flight", 1, 100_000),
                from.count("queue.max-reclaims", 5, 1, 1_000),
                from.count("queue.results-max-length", 100_000, 1_000, 100_000_000),
                from.count("queue.quarantine-max-length", 10_000, 100, 1_000_000),
                from.duration("queue.drain-timeout", "10s", "0s", "10m"));
    }

    private static History history(Settings from) {
        return new History(
                from.count("history.sent-max", 100_000, 0, 100_000_000),
                from.duration("history.sent", "24h", "0s", "365d"),
                from.duration("history.failed", "7d", "1m", "365d"),
                from.size("history.requests", "64MiB", "0B", "64GiB"),
                from.choice("history.exchanges", "failed", "none", "failed", "all"),
                from.flag("history.customers", true));
    }

    private static Render render(Settings from) {
        return new Render(
                from.count("render.threads", 0, 0, 1_024),
                from.duration("render.deadline", "100ms", "1ms", "10s"),
                from.count("render.max-steps", 1_000_000, 1_000, 1_000_000_000),
                (int) from.size("render.max-output", "1MiB", "1KiB", "64MiB"),
                (int) from.size("render.max-source", "64KiB", "1KiB", "1MiB"),
                from.size("render.cache", "64MiB", "1MiB", "16GiB"),
                from.list("render.filters", "the name of a class with its package", only(CLASS)),
                from.list("render.filter-jars", "the path of a jar", Path::of));
    }

    private static Keys keys(Settings from) {
        return new Keys(
                from.secret("keys.signing", SIGNING_KEY, "1 to 512 characters, no space or line end around them"),
                from.path("keys.signing-file", "data/signing.key"),
                from.secret("keys.reporting", SIGNING_KEY, "1 to 512 characters, no space or line end around them"),
                from.path("keys.reporting-file", "data/reporting.key"),
                from.duration("keys.grace", "24h", "0s", "90d"),
                from.secret("keys.encryption", ENCRYPTION_KEYS, "keys of 64 hexadecimal digits, with commas between"),
                from.path("keys.encryption-file", "data/encryption.key"));
    }

    private static Send send(Settings from) {
        return new Send(
                from.countOrAuto("send.max-in-flight", 1, 100_000),
                from.countOrAuto("send.max-in-flight-per-host", 1, 100_000),
                from.countOrAuto("send.connections-per-host", 1, 100_000),
                from.duration("send.max-idle", "30s", "1s", "1h"),
                from.duration("send.max-life", "5m", "1s", "1d"),
                from.duration("send.dns-timeout", "3s", "100ms", "30s"),
                (int) from.size("send.max-response", "64KiB", "1KiB", "16MiB"),
                from.text(
                        "send.header-prefix",
                        "X-CIO-",
                        HEADER_PREFIX,
                        "letters and digits that end in -, such as X-CIO-"),
                from.list("send.allow-addresses", RANGE_RULE, only(RANGE)),
                from.list("send.deny-addresses", RANGE_RULE, only(RANGE)),
                from.list("send.allow-ports", "a port from 1 to 65535", Sections::port));
    }

    private static String pem(Settings from, String key) {
        return from.text(
                key, "", text -> text.isEmpty() || Files.isReadable(Path.of(text)), "a file in PEM that can be read");
    }

    private static void checkPair(String section, String certificate, String key, List<String> problems) {
        if (certificate.isEmpty() != key.isEmpty()) {
            problems.add("%s.tls.%s: is missing; a certificate and its key go together"
                    .formatted(section, key.isEmpty() ? "key" : "certificate"));
        }
    }

    private static int port(String text) {
        int port = Integer.parseInt(text);
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException(text);
        }
        return port;
    }

    private static UnaryOperator<String> only(Predicate<String> rule) {
        return text -> {
            if (!rule.test(text)) {
                throw new IllegalArgumentException(text);
            }
            return text;
        };
    }

    private static boolean isProxy(String text) {
        return text.isEmpty() || EgressProxy.parse(text) != null;
    }

    private static Predicate<String> matching(String regex) {
        return Pattern.compile(regex).asMatchPredicate();
    }
}
