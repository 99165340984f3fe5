package io.posthaste;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The files under {@code config/} speak of settings, paths and metrics that exist. */
class DeploymentFilesIT {
    private static final Path CONFIG = Path.of("../config");
    private static final YAMLMapper YAML = new YAMLMapper();
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
    void kubernetesSetsOnlyWhatTheGatewayKnowsAndProbesWhatItServes() throws IOException {
        List<JsonNode> documents = new ArrayList<>();
        YAML.readerFor(JsonNode.class)
                .<JsonNode>readValues(CONFIG.resolve("kubernetes.yaml").toFile())
                .forEachRemaining(documents::add);
        JsonNode pod = documents.getFirst().at("/spec/template/spec");
        JsonNode container = pod.at("/containers/0");
        Map<String, String> environment = new HashMap<>();
        container
                .path("env")
                .forEach(variable -> environment.put(variable.path("name").asText(), value(variable)));

        GatewayConfig config = ConfigLoader.load(null, environment);

        assertThat(Duration.ofSeconds(pod.path("terminationGracePeriodSeconds").asLong()))
                .isGreaterThan(config.queue().drainTimeout());
        assertThat(container.at("/livenessProbe/httpGet/path").asText()).isEqualTo("/healthz");
        assertThat(container.at("/readinessProbe/httpGet/path").asText()).isEqualTo("/readyz");
        assertThat(container.at("/ports/0/containerPort").asInt())
                .isEqualTo(config.admin().port());
    }

    /** What a secret holds is of the kind that the setting wants. */
    private static String value(JsonNode variable) {
        return switch (variable.at("/valueFrom/secretKeyRef/key").asText()) {
            case "" -> variable.path("value").asText();
            case "redis-uri" -> "redis://redis:6379";
            case "encryption" -> "0".repeat(64);
            default -> TOKEN;
        };
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
            try (Gateway gateway = Gateway.start(ConfigLoader.load(null, environment), "0", "")) {
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
