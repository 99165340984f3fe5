package io.posthaste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.posthaste.cli.ApiClient;
import io.posthaste.testing.Receiver.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Prometheus with our configuration: every query of the board and every side of every alert finds something. */
class PrometheusIT {
    private static final Path CONFIG = PrometheusServer.CONFIG;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final Duration WAIT = Duration.ofSeconds(60);

    /** What an alert compares: the rest of a comparison is a number. */
    private static final Pattern COMPARISON = Pattern.compile("(?:==|<|>)\\s*[0-9.*\\s]+$");

    @TempDir
    private Path directory;

    @Test
    void theRulesFireWhereTheirFaultIsAndNowhereElse() throws Exception {
        assertThat(run("promtool", "test", "rules", "" + CONFIG.resolve("alerts.test.yaml")))
                .contains("SUCCESS");
    }

    @Test
    void eachRuleHasItsPage() throws IOException {
        String pages = Files.readString(Path.of("../docs/runbooks.md"));
        for (JsonNode rule : rules()) {
            String alert = rule.path("alert").asText();
            assertThat(pages).contains("\n## " + alert + "\n");
            assertThat(rule.at("/annotations/runbook_url").asText())
                    .isEqualTo("docs/runbooks.md#" + alert.toLowerCase(Locale.ROOT));
        }
    }

    @Test
    void everyQueryFindsSomethingInARealPrometheus() throws Exception {
        try (TestGateway gateway = new TestGateway().start()) {
            ApiClient api = gateway.api();
            gateway.receiver.usually(request -> Answer.of(200));
            api.put("/v1/actions/hook", """
                    {"url":"%s","body":"{}"}""".formatted(gateway.receiver.url("/")));
            gateway.commands.xgroupCreate(
                    StreamOffset.from("posthaste:{0}:results", "0"), "crm", XGroupCreateArgs.Builder.mkstream());
            gateway.commands.configSet("maxmemory", "1gb");
            TestGateway.storeClientCertificate(api, 90);
            Files.writeString(directory.resolve("metrics"), gateway.metrics());
            String address = gateway.address().substring("http://".length());
            try (PrometheusServer prometheus =
                    PrometheusServer.start(directory, address, CONFIG.resolve("alerts.yaml"))) {
                load(api);
                List<String> queries = queries();
                assertThat(queries).hasSizeGreaterThan(30);
                for (String query : queries) {
                    await(query)
                            .atMost(WAIT)
                            .ignoreExceptions()
                            .until(() -> !prometheus.query(query).isEmpty());
                }
            }
        }
    }

    @Test
    void namesAndUnitsAreAsPrometheusWantsThem() throws Exception {
        try (TestGateway gateway = new TestGateway().start()) {
            Path page = Files.writeString(directory.resolve("page"), gateway.metrics());
            Process check = new ProcessBuilder("promtool", "check", "metrics")
                    .redirectInput(page.toFile())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(check.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(said.lines().filter(line -> line.startsWith("posthaste_")))
                    .isEmpty();
        }
    }

    private static void load(ApiClient api) {
        for (int i = 0; i < 50; i++) {
            api.post("/v1/deliveries", "{\"action\":\"hook\",\"data\":{\"customer\":{\"id\":\"1\"}}}");
        }
    }

    private static List<String> queries() throws IOException {
        List<String> queries = new ArrayList<>(
                JSON.readTree(CONFIG.resolve("grafana.json").toFile()).findValuesAsText("expr"));
        for (JsonNode rule : rules()) {
            for (String side : rule.path("expr").asText().split(" and | or ")) {
                queries.add(COMPARISON.matcher(side).replaceFirst(""));
            }
        }
        return queries;
    }

    private static JsonNode rules() throws IOException {
        return YAML.readTree(CONFIG.resolve("alerts.yaml").toFile()).at("/groups/0/rules");
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }
}
