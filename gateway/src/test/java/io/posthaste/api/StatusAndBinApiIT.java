package io.posthaste.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.posthaste.api.live.Readiness;
import java.util.Locale;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class StatusAndBinApiIT {
    @AutoClose
    private static final RunningApi api = new RunningApi();

    @Test
    void healthNeedsNoTokenAndTellsNothing() {
        var health = api.call("GET", "/healthz", "", null);

        assertThat(health.status()).isEqualTo(200);
        assertThat(health.response().body()).isEqualTo("{\"status\":\"up\"}");
    }

    @Test
    void readinessTellsWhyNot() {
        assertThat(api.call("GET", "/readyz", "", null).status()).isEqualTo(200);

        api.readiness = new Readiness(false, "Redis does not answer");
        var notReady = api.call("GET", "/readyz", "", null);
        api.readiness = new Readiness(true, "");

        assertThat(notReady.status()).isEqualTo(503);
        assertThat(notReady.body().path("reason").asText()).isEqualTo("Redis does not answer");
    }

    @Test
    void metricsAreTextForThoseWithAToken() {
        var metrics = api.call("GET", "/metrics", RunningApi.READ, null);

        assertThat(metrics.header("content-type")).startsWith("text/plain; version=0.0.4");
        assertThat(metrics.response().body()).isEqualTo("posthaste_up 1\n");
    }

    @Test
    void addressesAreServedAsAList() {
        assertThat(api.get("/v1/info/ip_addresses").response().body()).isEqualTo("{\"ip_addresses\":[\"192.0.2.1\"]}");
    }

    @Test
    void statsCountTheQueue() {
        api.post("/v1/deliveries", "[{'action':'counted','data':{}},{'action':'counted','data':{}}]");

        JsonNode stats = api.get("/v1/stats").body();

        assertThat(stats.path("inbox").asInt()).isEqualTo(2);
        assertThat(stats.path("oldest_inbox_at").asLong()).isPositive();
        assertThat(stats.path("failed").asInt()).isZero();
    }

    @Test
    void aPageFromABinHasNoOriginWhateverItSays() {
        api.put(
                "/v1/bins/page",
                "{'headers':[{'name':'Content-Security-Policy','value':'script-src *'},{'name':'Content-Type','value':'text/html'}]}");

        assertThat(api.call("GET", "/bin/page", "", null).response().headers().allValues("content-security-policy"))
                .containsExactly("sandbox; default-src 'none'");
    }

    @Test
    void aBinRecordsAndAnswersAsItWasTold() {
        assertThat(api.call("POST", "/bin/b1?a=1&a=2", "", "{'n':1}").response().body())
                .isEqualTo("{}");
        assertThat(api.put(
                                "/v1/bins/b1",
                                "{'status':503,'headers':[{'name':'Retry-After','value':'2'}],'body':'later','delay_ms':50}")
                        .status())
                .isEqualTo(200);
        long before = System.nanoTime();
        var scripted = api.call("PUT", "/bin/b1", "", "Zoë");

        assertThat(System.nanoTime() - before).isGreaterThan(50_000_000);
        assertThat(scripted.status()).isEqualTo(503);
        assertThat(scripted.header("retry-after")).isEqualTo("2");
        assertThat(scripted.response().body()).isEqualTo("later");
        JsonNode requests = api.get("/v1/bins/b1").body().path("requests");
        assertThat(requests).hasSize(2);
        assertThat(requests.path(0).path("method").asText()).isEqualTo("PUT");
        assertThat(requests.path(0).path("body").asText()).isEqualTo("Zoë");
        assertThat(requests.path(1).path("target").asText()).isEqualTo("/bin/b1?a=1&a=2");
        assertThat(requests.path(1).path("headers").findValuesAsText("name"))
                .anyMatch(name -> name.toLowerCase(Locale.ROOT).equals("content-length"));
        assertThat(api.delete("/v1/bins/b1").status()).isEqualTo(204);
        assertThat(api.get("/v1/bins/b1").body().path("requests")).isEmpty();
    }

    @Test
    void aBinAnswersInTurnAndStaysWithTheLast() {
        JsonNode scripted = api.put(
                        "/v1/bins/turns", "{'answers':[{'status':503},{'status':410,'delay_ms':1},{'status':201}]}")
                .body();

        assertThat(scripted.path("answer").path("status").asInt()).isEqualTo(503);
        assertThat(scripted.path("then")).hasSize(2);
        for (int expected : new int[] {503, 410, 201, 201}) {
            assertThat(api.call("POST", "/bin/turns", "", "{}").status()).isEqualTo(expected);
        }
        assertThat(api.put("/v1/bins/turns", "{'answers':[]}").fields()).containsExactly("answers");
        assertThat(api.put("/v1/bins/turns", "{'answers':[{},{'status':99}],'status':200}")
                        .fields())
                .containsExactlyInAnyOrder("answers[1].status", "status");
    }

    @Test
    void aScriptMustMakeSense() {
        assertThat(api.put(
                                "/v1/bins/b2",
                                "{'status':99,'delay_ms':70000,'bdoy':'','headers':[{'name':'a b','value':'x\\ny'}]}")
                        .fields())
                .containsExactlyInAnyOrder("status", "delay_ms", "bdoy", "headers[0].name", "headers[0].value");
        assertThat(api.call("PUT", "/v1/bins/b2", RunningApi.READ, "{}").status())
                .isEqualTo(403);
    }

    @Test
    void aFullRedisIsNotSaidToBeSilent() {
        try (var own = new RunningApi()) {
            own.connections
                    .admin()
                    .commands()
                    .configSet("maxmemory", "1")
                    .toCompletableFuture()
                    .join();

            var said = own.post("/v1/deliveries", "{\"action\":\"crm\",\"data\":{}}");

            assertThat(said.status()).isEqualTo(503);
            assertThat(said.body().path("detail").asText()).contains("memory is full");
        }
    }

    @Test
    void anOutageOfRedisIsSaidAndOver() {
        var own = new RunningApi();
        try {
            own.server.kill();
            assertThat(own.get("/v1/stats").status()).isEqualTo(503);
            assertThat(own.call("GET", "/healthz", "", null).status()).isEqualTo(200);

            own.server.restart();
            Awaitility.await().until(() -> own.get("/v1/stats").status() == 200);
        } finally {
            own.close();
        }
    }
}
