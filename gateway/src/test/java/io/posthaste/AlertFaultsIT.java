package io.posthaste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.ZAddArgs;
import io.posthaste.cli.ApiClient;
import io.posthaste.testing.Receiver.Answer;
import io.posthaste.testing.RedisServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each rule of {@code config/alerts.yaml} rings in a real Prometheus once its fault is made in a real gateway, and none does
 * before. For the rules time goes faster; ages that they compare with are real.
 */
class AlertFaultsIT {
    private static final Duration WAIT = Duration.ofMinutes(3);

    /** Seconds; a busy machine answers late, and after a scrape that failed each fault must last from the beginning. */
    private static final int SCRAPE = 3;

    /** Five minutes have room for some scrapes. */
    private static final int LOOKING_BACK = 30;

    private static final int LASTING = 200;

    private static final int MEMORY = 128_000_000;
    private static final String FILL = "for i = 1, ARGV[1] do redis.call('XADD', KEYS[1], '*', unpack(ARGV, 2)) end";

    @TempDir
    private Path directory;

    @AutoClose
    private final TestGateway gateway = new TestGateway().with("QUEUE_DRAIN_TIMEOUT", "0s");

    @AutoClose
    private final RedisServer replica = RedisServer.start("--replicaof", "127.0.0.1", "" + gateway.redis.port());

    private int jobs;

    /**
     * An alert that is to ring.
     *
     * @param labels of its own, so that it is not taken for that of another fault
     */
    private record Alarm(String name, Map<String, String> labels) {
        static Alarm of(String name) {
            return new Alarm(name, Map.of());
        }

        static Alarm of(String name, String label, String value) {
            return new Alarm(name, Map.of(label, value));
        }

        boolean isAmong(List<JsonNode> alerts) {
            return alerts.stream().map(alert -> alert.path("labels")).anyMatch(this::is);
        }

        private boolean is(JsonNode all) {
            return name.equals(all.path("alertname").asText())
                    && labels.entrySet().stream()
                            .allMatch(label -> label.getValue()
                                    .equals(all.path(label.getKey()).asText()));
        }
    }

    private List<Alarm> alarms() {
        String server = "127.0.0.1:" + gateway.redis.port();
        return List.of(
                Alarm.of("PosthasteDeliveriesStop"),
                Alarm.of("PosthasteBacklogOld", "lane", "hangs"),
                Alarm.of("PosthasteSuccessFalls"),
                Alarm.of("PosthasteLaneInTrouble", "kind", "lane_failing"),
                Alarm.of("PosthasteLaneInTrouble", "kind", "lane_paused"),
                Alarm.of("PosthasteHostInTrouble"),
                Alarm.of("PosthasteRedisMemory", "server", server),
                Alarm.of("PosthasteReplicaLag", "server", server),
                Alarm.of("PosthasteQuarantineGrows"),
                Alarm.of("PosthasteResultsUnread", "group", "crm"),
                Alarm.of("PosthasteReportsLate"),
                Alarm.of("PosthasteCertificateExpires", "connection", "bank"));
    }

    @BeforeEach
    void prepareRedis() {
        gateway.commands.configSet("maxmemory", "" + MEMORY);
        gateway.commands.xgroupCreate(
                StreamOffset.from(TestGateway.KEYS.results(), "0"), "crm", XGroupCreateArgs.Builder.mkstream());
        await().atMost(WAIT).until(() -> gateway.commands.info("replication").contains("state=online"));
    }

    @Test
    void noRuleIsWithoutItsFault() throws IOException {
        Set<String> names = new TreeSet<>(RestartFaultsIT.ALERTS);
        alarms().forEach(alarm -> names.add(alarm.name));

        assertThat(names).isEqualTo(AlertRules.read().names());
    }

    @Test
    void eachAlertRingsOnceItsFaultIsMadeAndNoneBefore() throws Exception {
        ApiClient api = gateway.start().api();
        prepare(api);
        AlertRules rules = AlertRules.read();
        Path faster = rules.faster(LOOKING_BACK, LASTING, directory);
        String address = gateway.address().substring("http://".length());
        try (PrometheusServer prometheus = PrometheusServer.start(SCRAPE, directory, address, faster)) {
            expectPeace(prometheus, rules);

            readersGoAway();
            receiversGoAway(api);
            redisGetsIntoTrouble();
            gateway.commands.xadd(TestGateway.KEYS.inbox(), Map.of("v", "1", "what", "no job"));
            TestGateway.storeClientCertificate(api, 7);

            Set<String> said = expectAlarms(prometheus);
            assertThat(said).noneMatch(summary -> summary.contains("<"));

            aReplicaThatIsGivenUpGoesOnRinging(prometheus);
        }
    }

    private void prepare(ApiClient api) throws IOException {
        gateway.receiver.usually(request -> Answer.of(200));
        api.put("/v1/reporting-webhooks/ops", """
                {"url":"%s","metrics":["sent"]}""".formatted(gateway.receiver.url("/reports")));
        api.put("/v1/actions/hook", """
                {"url":"%s","body":"{}"}""".formatted(gateway.receiver.url("/hook")));
        api.put("/v1/actions/hangs", """
                {"url":"%s","body":"{}","limits":{"max_in_flight":1},"retry":{"timeout_ms":30000,"delays_ms":[]}}""".formatted(gateway.receiver.url("/hangs")));
        api.put("/v1/actions/gone", """
                {"url":"http://127.0.0.1:%d/","body":"{}"}""".formatted(PrometheusServer.freePort()));
        TestGateway.storeClientCertificate(api, 90);
    }

    /** While deliveries go on, every series that a rule looks at is there, and every rule looks and finds nothing. */
    private void expectPeace(PrometheusServer prometheus, AlertRules rules) throws Exception {
        Stream<String> there = Stream.concat(rules.series().stream(), Stream.of("count_over_time(up[1h]) >= 5"));
        for (String query : there.toList()) {
            await(query).atMost(WAIT).ignoreExceptions().until(() -> {
                deliver("hook", 1);
                return !prometheus.query(query).isEmpty();
            });
        }
        JsonNode judged = prometheus.get("rules").at("/groups/0/rules");
        assertThat(judged).hasSameSizeAs(rules.rules());
        assertThat(judged)
                .allSatisfy(rule ->
                        assertThat(rule.path("health").asText()).as("%s", rule).isEqualTo("ok"));
        assertThat(prometheus.query("count_over_time(ALERTS{alertstate=\"firing\",alertname!~\"%s\"}[1h])"
                        .formatted(String.join("|", RestartFaultsIT.ALERTS))))
                .isEmpty();
    }

    /** They do not read what is there, more of it than their rules allow. */
    private void readersGoAway() {
        gateway.receiver.usually(request -> request.path().equals("/hangs")
                ? Answer.never()
                : Answer.of(request.path().equals("/reports") ? 500 : 404));
        fill(TestGateway.KEYS.results(), 50_001, "id", "old", "event", "sent");
        String now = "" + System.currentTimeMillis();
        fill(
                TestGateway.KEYS.reports(),
                10_001,
                "id",
                "old",
                "action",
                "hook",
                "metric",
                "sent",
                "at",
                now,
                "data",
                "{}");
    }

    private void fill(String stream, int count, String... fields) {
        String[] arguments =
                Stream.concat(Stream.of("" + count), Stream.of(fields)).toArray(String[]::new);
        gateway.commands.eval(FILL, ScriptOutputType.STATUS, new String[] {stream}, arguments);
    }

    private void receiversGoAway(ApiClient api) {
        api.put("/v1/actions/paused", """
                {"url":"%s","body":"{}"}""".formatted(gateway.receiver.url("/")));
        deliver("paused", 1);
        api.post("/v1/actions/paused/pause", "");
        deliver("hook", 20);
        deliver("gone", 1);
        deliver("hangs", 5);
        String waiting = TestGateway.KEYS.due("hangs");
        await().atMost(WAIT).until(() -> gateway.commands.zcard(waiting) == 4);
        // As if they had waited for an hour.
        long then = Instant.now().minus(Duration.ofHours(1)).toEpochMilli();
        gateway.commands
                .zrange(waiting, 0, -1)
                .forEach(job -> gateway.commands.zadd(waiting, ZAddArgs.Builder.xx(), (double) then, job));
    }

    private void redisGetsIntoTrouble() {
        gateway.commands.setrange("ballast", MEMORY / 100 * 85, "x");
        replica.pause();
    }

    /** Attempts go on meanwhile. Answers how the alerts are worded. */
    private Set<String> expectAlarms(PrometheusServer prometheus) {
        Set<String> summaries = new TreeSet<>();
        List<Alarm> missing = new ArrayList<>(alarms());
        await().atMost(WAIT).untilAsserted(() -> {
            deliver("hook", 1);
            List<JsonNode> firing = prometheus.firing();
            firing.forEach(
                    alert -> summaries.add(alert.at("/annotations/summary").asText()));
            missing.removeIf(alarm -> alarm.isAmong(firing));
            assertThat(missing).isEmpty();
        });
        return summaries;
    }

    /** Redis says how far a copy is behind only until it gives that copy up. */
    private void aReplicaThatIsGivenUpGoesOnRinging(PrometheusServer prometheus) {
        // It is silent for longer already; by itself Redis would wait for a minute.
        gateway.commands.configSet("repl-timeout", "10");
        await().atMost(WAIT)
                .ignoreExceptions()
                .until(() -> !prometheus.query("""
                        ALERTS{alertname="PosthasteReplicaLag",alertstate="firing"}
                          and on (server) max_over_time(posthaste_redis_replicas[7s]) == 0""").isEmpty());
    }

    private void deliver(String action, int count) {
        for (int i = 0; i < count; i++) {
            gateway.enqueue(action + "-" + jobs++, "action", action, "data", "{}");
        }
    }
}
