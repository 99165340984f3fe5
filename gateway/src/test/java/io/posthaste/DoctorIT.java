package io.posthaste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.posthaste.Shell.Result;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What breaks in production is found, and how to mend it is said. */
class DoctorIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TestGateway gateway = new TestGateway();

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void theGatewayTellsOfRedisItsMachineAndKeys() {
        JsonNode found = gateway.start().api().get("/v1/doctor");

        assertThat(found.path("findings").findValuesAsText("check"))
                .contains(
                        "Redis: round trip",
                        "Redis: clock",
                        "Redis: fsync",
                        "file descriptors",
                        "heap",
                        "name resolution")
                .contains("certificate authorities", "readers of results")
                .contains("signing keys")
                .anyMatch(check -> check.endsWith(": replicas"));
        assertThat(of(found, "Redis: clock").path("level").asText()).isEqualTo("ok");
        assertThat(of(found, "certificate authorities").path("level").asText()).isEqualTo("ok");
    }

    @Test
    void aMemoryThatIsNearlyFullIsBrokenAndTheExitCodeSaysSo() throws IOException {
        gateway.start();
        gateway.commands.configSet("maxmemory", Long.toString(usedMemory() + 20_000));

        Result text = shell(gateway.environment()).run("doctor", "--gateway", gateway.address());
        Result json = shell(gateway.environment()).run("doctor", "--json", "--gateway", gateway.address());

        assertThat(text.code()).isEqualTo(2);
        assertThat(text.out()).contains("new jobs are refused soon", "-> drain the backlog");
        assertThat(text.out()).startsWith("  broken ");
        assertThat(JSON.readTree(json.out()).path("level").asText()).isEqualTo("broken");
        gateway.commands.configSet("maxmemory", "0");
    }

    @Test
    void aReaderOfResultsThatIsFarBehindIsToldOf() {
        gateway.with("QUEUE_RESULTS_MAX_LENGTH", "1000").start();
        gateway.commands.xgroupCreate(
                StreamOffset.from("posthaste:{0}:results", "0"), "crm", XGroupCreateArgs.Builder.mkstream());
        for (int i = 0; i < 600; i++) {
            gateway.commands.xadd("posthaste:{0}:results", Map.of("id", "x"));
        }

        JsonNode reader = of(gateway.api().get("/v1/doctor"), "crm");

        assertThat(reader.path("level").asText()).isEqualTo("warning");
        assertThat(reader.path("found").asText()).isEqualTo("600 of 1000 kept entries to read");
    }

    @Test
    void aKeyThatWasRotatedHasAnAge() {
        gateway.start();
        String id = gateway.api()
                .post("/v1/signing-keys/rotate", "{\"kind\":\"action\"}")
                .path("id")
                .asText();

        assertThat(of(gateway.api().get("/v1/doctor"), "signing key " + id)
                        .path("found")
                        .asText())
                .isEqualTo("0 days old");
    }

    @Test
    void withoutAGatewayItLooksForItself() {
        Map<String, String> environment = new HashMap<>(gateway.environment());
        environment.put("POSTHASTE_ADMIN_PORT", "1");

        Result result = shell(environment).run("doctor");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.out()).startsWith("  broken   gateway: ").contains("Redis: round trip", "file descriptors");
    }

    @Test
    void withoutRedisItSaysSo() {
        Map<String, String> environment = new HashMap<>(gateway.environment());
        environment.put("POSTHASTE_ADMIN_PORT", "1");
        environment.put("POSTHASTE_REDIS_URI", "redis://127.0.0.1:1");

        Result result = shell(environment).run("doctor");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.out())
                .contains("broken   Redis: redis.uri: cannot connect to")
                .contains("file descriptors");
    }

    @Test
    void memoryAndReadersAreMetrics() {
        gateway.start();
        gateway.commands.xgroupCreate(
                StreamOffset.from("posthaste:{0}:results", "0"), "crm", XGroupCreateArgs.Builder.mkstream());
        gateway.commands.xadd("posthaste:{0}:results", Map.of("id", "x"));

        await().atMost(Duration.ofSeconds(30))
                .until(() -> gateway.metrics().contains("posthaste_results_lag{group=\"crm\"} 1"));
        assertThat(gateway.metrics()).contains("posthaste_redis_memory_used_bytes{server=\"");
    }

    private long usedMemory() {
        return Long.parseLong(gateway.commands
                .info("memory")
                .lines()
                .filter(line -> line.startsWith("used_memory:"))
                .findFirst()
                .orElseThrow()
                .substring(12)
                .strip());
    }

    private static Shell shell(Map<String, String> environment) {
        return new Shell(environment, InstantSource.system(), "");
    }

    private static JsonNode of(JsonNode checkup, String check) {
        for (JsonNode finding : checkup.path("findings")) {
            if (finding.path("check").asText().equals(check)) {
                return finding;
            }
        }
        throw new AssertionError("no finding of " + check + " in " + checkup);
    }
}
