package io.posthaste.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class ReportingApiIT {
    @AutoClose
    private static final RunningApi api = new RunningApi();

    @Test
    void aReportingWebhookIsCreatedReadReplacedListedAndDeleted() {
        var created = api.put("/v1/reporting-webhooks/warehouse", "{'url':'https://r.example/in'}");
        var replaced = api.put(
                "/v1/reporting-webhooks/warehouse",
                "{'url':'https://r.example/in','metrics':['failed','sent'],'with_content':true,'enabled':false}");

        assertThat(created.status()).isEqualTo(201);
        assertThat(created.body().path("metrics")).hasSize(6);
        assertThat(created.body().path("enabled").asBoolean()).isTrue();
        assertThat(replaced.status()).isEqualTo(200);
        JsonNode read = api.get("/v1/reporting-webhooks/warehouse").body();
        assertThat(read.path("metrics")).hasToString("[\"sent\",\"failed\"]");
        assertThat(read.path("with_content").asBoolean()).isTrue();
        assertThat(read.at("/status/lag").asInt()).isZero();
        assertThat(api.get("/v1/reporting-webhooks")
                        .body()
                        .path("reporting_webhooks")
                        .findValuesAsText("id"))
                .contains("warehouse");
        assertThat(api.delete("/v1/reporting-webhooks/warehouse").status()).isEqualTo(204);
        assertThat(api.get("/v1/reporting-webhooks/warehouse").status()).isEqualTo(404);
        assertThat(api.delete("/v1/reporting-webhooks/warehouse").status()).isEqualTo(404);
        assertThat(api.post("/v1/reporting-webhooks/warehouse/resume", "").status())
                .isEqualTo(404);
    }

    @Test
    void whatWasReadCanBeSentBack() {
        api.put("/v1/reporting-webhooks/same", "{'url':'https://r.example/'}");
        String read = api.get("/v1/reporting-webhooks/same").response().body();

        assertThat(api.put("/v1/reporting-webhooks/same", read).status()).isEqualTo(200);
        api.delete("/v1/reporting-webhooks/same");
    }

    @Test
    void everyProblemIsListedAndNothingIsStored() {
        var refused = api.put(
                "/v1/reporting-webhooks/bad",
                "{'url':'ftp://r.example/','metrics':['sent','opened',7],'with_content':'yes','colour':1,'id':'other'}");

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.fields())
                .containsExactlyInAnyOrder("url", "metrics[1]", "metrics[2]", "with_content", "colour", "id");
        assertThat(api.put("/v1/reporting-webhooks/bad", "{'url':'https://r.example/','metrics':[]}")
                        .fields())
                .containsExactly("metrics");
        assertThat(api.put("/v1/reporting-webhooks/bad", "{}").fields()).containsExactly("url");
        assertThat(api.get("/v1/reporting-webhooks/bad").status()).isEqualTo(404);
    }

    @Test
    void doubtfulThingsAreSavedWithWarnings() {
        var saved = api.put("/v1/reporting-webhooks/doubtful", "{'url':'http://r.example/','metrics':['clicked']}");

        assertThat(saved.body().path("warnings").findValuesAsText("field")).containsExactly("url", "metrics");
        api.delete("/v1/reporting-webhooks/doubtful");
    }

    @Test
    void whoMayOnlyLookSeesNoCredentials() {
        api.put("/v1/reporting-webhooks/secretive", "{'url':'https://u:hunter2@r.example/?token=TOK123'}");

        var seen = api.call("GET", "/v1/reporting-webhooks/secretive", RunningApi.READ, null);
        var listed = api.call("GET", "/v1/reporting-webhooks", RunningApi.READ, null);

        assertThat(seen.response().body() + listed.response().body()).doesNotContain("hunter2", "TOK123");
        assertThat(api.get("/v1/reporting-webhooks/secretive").response().body())
                .contains("hunter2");
        api.delete("/v1/reporting-webhooks/secretive");
    }

    @Test
    void theTwentyFirstIsRefused() {
        for (int i = 0; i < 20; i++) {
            api.put("/v1/reporting-webhooks/many-" + i, "{'url':'https://r.example/'}");
        }

        assertThat(api.put("/v1/reporting-webhooks/many-20", "{'url':'https://r.example/'}")
                        .status())
                .isEqualTo(409);
        for (int i = 0; i < 20; i++) {
            api.delete("/v1/reporting-webhooks/many-" + i);
        }
    }
}
