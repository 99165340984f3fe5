package io.posthaste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.posthaste.cli.ApiClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who changed what: everything that people decide through the API, and nothing of what it holds. */
class AuditIT {
    private static TestGateway gateway;
    private static ApiClient api;

    @BeforeAll
    static void start() {
        gateway = new TestGateway().start();
        api = gateway.api();
        String action =
                "{\"name\":\"a\",\"method\":\"POST\",\"url\":\"https://example.com/?key=url-secret\",\"body\":\"{}\"}";
        api.put("/v1/actions/crm", action);
        api.put("/v1/actions/crm", action);
        api.post("/v1/actions/crm/pause", "");
        api.put("/v1/secrets/token", "{\"value\":\"the-secret-value\"}");
        api.post("/v1/signing-keys/rotate", "");
        api.put("/v1/people/1007", "{\"name\":\"Ada\"}");
        api.post("/v1/deliveries", "{\"id\":\"d\",\"action\":\"crm\",\"data\":{}}");
        api.delete("/v1/actions/crm");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void changesAreListedTheNewestFirstWithTheVersionsOfActions() {
        JsonNode audit = api.get("/v1/audit").path("audit");

        assertThat(audit.findValuesAsText("path"))
                .containsExactly(
                        "/v1/actions/crm",
                        "/v1/signing-keys/rotate",
                        "/v1/secrets/token",
                        "/v1/actions/crm/pause",
                        "/v1/actions/crm",
                        "/v1/actions/crm");
        assertThat(audit.get(4).path("version").asInt()).isEqualTo(2);
        assertThat(audit.get(4).path("version_before").asInt()).isEqualTo(1);
        assertThat(audit.get(5).path("version_before").isNull()).isTrue();
        assertThat(audit.get(0).path("who").asText()).isEqualTo("admin");
        assertThat(audit.get(0).path("from").asText()).isEqualTo("127.0.0.1");
        assertThat(audit.toString()).doesNotContain("the-secret-value").doesNotContain("url-secret");
    }

    @Test
    void itIsReadInPagesAndBySubject() {
        List<String> methods = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = api.get("/v1/audit?limit=2&path=/v1/actions" + cursor);
            methods.addAll(page.findValuesAsText("method"));
            cursor = page.path("cursor").isNull()
                    ? ""
                    : "&cursor=" + page.path("cursor").asText();
        } while (!cursor.isEmpty());

        assertThat(methods).containsExactly("DELETE", "POST", "PUT", "PUT");
        assertThat(api.get("/v1/audit?who=somebody").path("audit")).isEmpty();
        assertThatThrownBy(() -> api.get("/v1/audit?cursor=abc")).hasMessageContaining("cursor");
    }

    @Test
    void allOfItIsExportedAsLines() throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(gateway.address() + "/v1/audit?format=ndjson"))
                    .header("Authorization", "Bearer " + TestGateway.TOKEN)
                    .build();

            var answer = client.send(request, BodyHandlers.ofString());

            assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/x-ndjson");
            assertThat(answer.body().lines()).hasSize(6).allMatch(line -> line.startsWith("{\"at\":"));
        }
    }
}
