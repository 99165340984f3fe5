package io.posthaste.queue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import io.posthaste.job.Lease;
import io.posthaste.job.Outcome;
import io.posthaste.job.Recipient;
import io.posthaste.job.Settlement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the engine's scripts tell reporting webhooks, and that they tell nothing and cost nothing while there are none. */
class ReportStreamIT {
    private static final List<String> ENDINGS =
            List.of("sent", "attempted", "failed", "drafted", "aborted", "skipped", "released");

    @AutoClose
    private static final RedisShard shard = RedisShard.start();

    @BeforeEach
    void clear() {
        shard.clear();
    }

    @Test
    void everyStateChangeIsToldUnderItsMetricWhateverTheJobSaysOfResults() {
        turnOn();
        ENDINGS.forEach(id -> shard.enqueue(id, "crm", "results", "none"));
        List<Lease> leases = shard.claim(10);
        leases.forEach(lease -> settle(lease, null));
        RedisShard.get(shard.deliveries.cancel("attempted"));

        assertThat(reports("id", "metric", "reason"))
                .containsExactly(
                        "sent sent ",
                        "attempted attempted HTTP 503",
                        "failed failed HTTP 404",
                        "drafted drafted ",
                        "aborted undeliverable no e-mail",
                        "skipped undeliverable action is off",
                        "attempted undeliverable cancelled");
        assertThat(shard.results()).isEmpty();
    }

    @Test
    void whatTheGatewaySaysGoesAlongAndWithoutItTheJobsOwnData() {
        turnOn();
        shard.enqueue("told", "crm");
        shard.add(Map.of("v", "1", "id", "untold", "request", "{\"url\":\"x\"}", "lane", "bulk", "data", "{\"a\":1}"));
        List<Lease> leases = shard.claim(10);
        settle(leases.getFirst(), "{\"customer_id\":7}");
        settle(leases.getLast(), null);

        assertThat(reports("id", "action", "details", "data"))
                .containsExactly("told crm {\"customer_id\":7} -", "untold  - {\"a\":1}");
    }

    @Test
    void nothingIsWrittenAndNoCommandRunsMoreWhileThereAreNone() {
        commandsOfARound(); // loads the scripts
        shard.clear();
        Map<String, Long> off = commandsOfARound();
        assertThat(shard.redis.exists(shard.keys.reports())).isZero();

        shard.clear();
        turnOn();
        Map<String, Long> on = commandsOfARound();

        // One entry for each state change, and nothing else: so without them there is nothing at all.
        on.merge("xadd", -6L, Long::sum);
        assertThat(off).isEqualTo(on);
    }

    private Map<String, Long> commandsOfARound() {
        ENDINGS.forEach(id -> shard.enqueue(id, "crm"));
        shard.redis.configResetstat();
        shard.claim(10).forEach(lease -> settle(lease, "{}"));
        Map<String, Long> calls = new TreeMap<>();
        shard.redis
                .info("commandstats")
                .lines()
                .filter(line -> line.startsWith("cmdstat_"))
                .forEach(line -> {
                    String name = line.substring(8, line.indexOf(':'));
                    calls.put(name, Long.parseLong(line.replaceFirst("[^:]*:calls=(\\d+).*", "$1")));
                });
        return calls;
    }

    private static void turnOn() {
        shard.redis.hset(shard.keys.meta(), "reports", "1000");
    }

    private static void settle(Lease lease, @org.jspecify.annotations.Nullable String details) {
        Outcome outcome = switch (lease.job().id()) {
            case "attempted" -> RedisShard.retry(lease, Duration.ofHours(1));
            case "failed" -> RedisShard.failed(lease);
            case "drafted" -> new Outcome.Drafted(RedisShard.request("draft"), false);
            case "aborted" -> new Outcome.Aborted("no e-mail");
            case "skipped" -> new Outcome.Skipped();
            case "released" -> new Outcome.Released(Duration.ofHours(1));
            default -> RedisShard.delivered(lease);
        };
        shard.queue
                .settle(new Settlement(
                        lease, outcome, details == null ? null : details.getBytes(UTF_8), Recipient.UNKNOWN))
                .block(RedisShard.WAIT);
    }

    private static List<String> reports(String... names) {
        return shard.redis.xrange(shard.keys.reports(), Range.unbounded()).stream()
                .map(StreamMessage::getBody)
                .map(fields -> String.join(
                        " ",
                        List.of(names).stream()
                                .map(name -> fields.getOrDefault(name, "-"))
                                .toList()))
                .toList();
    }
}
