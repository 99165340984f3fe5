package io.posthaste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.posthaste.boot.Gateway;
import io.posthaste.cli.ApiClient;
import io.posthaste.config.ConfigLoader;
import io.posthaste.config.GatewayConfig;
import io.posthaste.testing.RedisServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files under {@code config/} speak of settings, paths and metrics that exist. */
class DeploymentFilesIT {
    private static final Path CONFIG = Path.of("../config");
    private static final YAMLMapper YAML = new YAMLMapper();

    @TempDir
    private Path directory;

    private static final String TOKEN = "test-token-of-at-least-32-characters";

    @Test
    void composeSetsOnlyWhatTheGatewayKnows() throws IOException {
        JsonNode service =
                YAML.readTree(CONFIG.resolve("compose.yaml").toFile()).at("/services/posthaste");
        Map<String, String> environment = new HashMap<>();
        service.path("environment")
                .properties()
                .forEach(variable ->
                        environment.put(variable.getKey(), variable.getValue().asText()));

        GatewayConfig config = ConfigLoader.load(null, environment);

        assertThat(config.redis().uri()).isEqualTo("redis://redis:6379");
        assertThat(Duration.parse("PT" + service.path("stop_grace_period").asText()))
                .isGreaterThan(config.queue().drainTimeout());
        Set<String> secrets = new TreeSet<>();
        service.path("secrets").forEach(secret -> secrets.add("/run/secrets/" + secret.asText()));
        assertThat(environment.values()).containsAll(secrets);
    }

    @Test
    void theUnitIsAsSystemdWantsItAndHardened() throws IOException, InterruptedException {
        assumeThat(Files.isExecutable(Path.of("/usr/bin/systemd-analyze"))).isTrue();
        // What it starts is not installed here.
        Path unit = Files.writeString(
                directory.resolve("posthaste.service"),
                Files.readString(CONFIG.resolve("posthaste.service"))
                        .replaceFirst("ExecStart=\\S+", "ExecStart=/bin/true")
                        .replace(" redis-server.service", ""));

        assertThat(said("systemd-analyze", "verify", "" + unit)).isEmpty();
        String score = said("systemd-analyze", "security", "--offline=true", "" + unit);
        Matcher exposure = Pattern.compile("exposure level for \\S+: ([0-9.]+)").matcher(score);
        assertThat(exposure.find()).isTrue();
        assertThat(Double.parseDouble(exposure.group(1))).isLessThan(2.0);
    }

    private static String said(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said;
    }

    @Test
    void grafanaShowsMetricsThatThereAre() throws IOException, InterruptedException {
        String dashboard = Files.readString(CONFIG.resolve("grafana.json"));
        List<String> expressions = new ObjectMapper().readTree(dashboard).findValuesAsText("expr");
        Set<String> shown = names(String.join(" ", expressions));

        Set<String> served = served();

        assertThat(expressions).hasSizeGreaterThan(10);
        assertThat(served).containsAll(shown);
    }

    private static Set<String> names(String text) {
        return Pattern.compile("posthaste_[a-z_]+")
                .matcher(text)
                .results()
                .map(found -> found.group())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The names at {@code /metrics} of a gateway that has sent something. */
    private static Set<String> served() throws IOException, InterruptedException {
        try (RedisServer redis = RedisServer.start()) {
            Map<String, String> environment = Map.of(
                    "POSTHASTE_REDIS_URI",
                    redis.uri(),
                    "POSTHASTE_ADMIN_PORT",
                    "0",
                    "POSTHASTE_ADMIN_TOKEN",
                    TOKEN,
                    "POSTHASTE_KEYS_SIGNING",
                    "test-key",
                    "POSTHASTE_KEYS_ENCRYPTION",
                    "0".repeat(64),
                    "POSTHASTE_BIN_ENABLED",
                    "true");
            try (Gateway gateway = Gateway.start(ConfigLoader.load(null, environment), "0", Map.of())) {
                String address = "http://127.0.0.1:" + gateway.address().getPort();
                ApiClient api = new ApiClient(address, TOKEN);
                api.put(
                        "/v1/actions/a",
                        new ObjectMapper()
                                .createObjectNode()
                                .put("url", address + "/bin/a")
                                .toString());
                Shell shell = new Shell(environment, InstantSource.system(), "{}");
                shell.run("enqueue", "--gateway", address, "--action", "a");
                // Lanes are looked at every few seconds.
                Awaitility.await()
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> scrape(address).contains("posthaste_lane_waiting_jobs"));
                return names(scrape(address));
            }
        }
    }

    private static String scrape(String address) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address + "/metrics"))
                .header("Authorization", "Bearer " + TOKEN)
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    }
}
