package io.posthaste.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.lettuce.core.protocol.CommandType;
import io.posthaste.job.Attempt;
import io.posthaste.job.Header;
import io.posthaste.job.Outcome;
import io.posthaste.job.RenderedRequest;
import io.posthaste.job.Settlement;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeliveryApiIT extends DeliveryApiCase {
    private static final RenderedRequest REQUEST = new RenderedRequest(
            "POST",
            "https://agent:hunter2@h.example/in?token=CANARY-TOKEN",
            List.of(new Header("Content-Type", "application/json"), new Header("X-Api-Key", "CANARY-KEY")),
            "{\"note\":\"Zoë\",\"echo\":\"CANARY-KEY\"}".getBytes(StandardCharsets.UTF_8));

    @Test
    void aDeliveryTellsItsStory_withSecretsMasked() {
        api.post("/v1/deliveries", "{'id':'story','action':'story','data':{}}");
        Attempt attempt = new Attempt(1, 1_700_000_000_000L, 503, 12, "HTTP 503", "you sent CANARY-TOKEN, hunter2");
        queue.settle(new Settlement(claim("story"), new Outcome.Retry(attempt, Duration.ofHours(1), REQUEST)))
                .block();

        var seen = api.get("/v1/deliveries/story");

        JsonNode delivery = seen.body();
        assertThat(delivery.path("state").asText()).isEqualTo("retrying");
        assertThat(delivery.path("idempotency_key").asText()).isEqualTo("story");
        assertThat(delivery.path("next_attempt_at").asLong()).isPositive();
        assertThat(delivery.path("attempts").path(0).path("status").asInt()).isEqualTo(503);
        assertThat(delivery.path("attempts").path(0).path("duration_ms").asInt())
                .isEqualTo(12);
        assertThat(delivery.path("attempts").path(0).path("at").asLong()).isEqualTo(1_700_000_000_000L);
        assertThat(delivery.path("request").path("url").asText()).isEqualTo("https://agent:***@h.example/in?token=***");
        assertThat(delivery.path("request").path("body").asText()).isEqualTo("{\"note\":\"Zoë\",\"echo\":\"***\"}");
        assertThat(seen.response().body()).doesNotContain("CANARY", "hunter2");
    }

    @Test
    void aFailedDeliveryIsSentAgain_othersAreNot() {
        api.post("/v1/deliveries", "{'id':'failed','action':'failing','data':{}}");
        fail("failed");

        assertThat(api.get("/v1/deliveries?state=failed&action=failing")
                        .body()
                        .path("deliveries")
                        .findValuesAsText("id"))
                .containsExactly("failed");
        var again = api.post("/v1/deliveries/failed/resend", "");
        assertThat(again.status()).isEqualTo(202);
        assertThat(again.body().path("state").asText()).isNotEqualTo("failed");
        assertThat(api.post("/v1/deliveries/failed/resend", "{'with':'frozen'}").status())
                .isEqualTo(409);
        assertThat(api.post("/v1/deliveries/none/resend", "").status()).isEqualTo(404);
        assertThat(api.post("/v1/deliveries/failed/resend", "{'with':'fire'}").status())
                .isEqualTo(422);
        assertThat(claim("failed").frozen()).isNotNull();
    }

    @Test
    void aWaitingDeliveryIsCancelledOnce() {
        api.post("/v1/deliveries", "{'id':'unwanted','action':'a','data':{},'at':" + RunningApi.LATER + "}");
        takeIn();

        assertThat(api.post("/v1/deliveries/unwanted/cancel", "")
                        .body()
                        .path("state")
                        .asText())
                .isEqualTo("cancelled");
        assertThat(api.post("/v1/deliveries/unwanted/cancel", "").status()).isEqualTo(409);
        assertThat(api.post("/v1/deliveries/none/cancel", "").status()).isEqualTo(404);
    }

    @Test
    void draftsAreListedSentAndDiscarded() {
        for (String id : List.of("draft-1", "draft-2", "draft-3")) {
            api.post("/v1/deliveries", "{'id':'" + id + "','action':'drafting','data':{}}");
            queue.settle(new Settlement(claim(id), new Outcome.Drafted(REQUEST, false)))
                    .block();
        }

        assertThat(api.get("/v1/drafts?action=drafting").body().path("drafts").findValuesAsText("id"))
                .containsExactlyInAnyOrder("draft-1", "draft-2", "draft-3");
        assertThat(api.post("/v1/drafts/draft-1/send", "").status()).isEqualTo(202);
        assertThat(api.delete("/v1/drafts/draft-2").status()).isEqualTo(204);
        assertThat(api.delete("/v1/drafts/draft-2").status()).isEqualTo(404);
        assertThat(api.post("/v1/drafts/discard", "{'ids':['draft-3','none']}")
                        .body()
                        .path("discarded")
                        .asInt())
                .isEqualTo(1);
        assertThat(api.post("/v1/drafts/send", "{'ids':[]}").status()).isEqualTo(422);
        assertThat(api.get("/v1/drafts?action=drafting").body().path("drafts")).isEmpty();
    }

    @Test
    void aDraftIsShownBesideWhatWouldBeSentNow() {
        api.put(
                "/v1/actions/looked-at",
                "{'url':'https://u:hunter2@h.example/','headers':[],'body':'{{customer.name}}'}");
        api.post("/v1/deliveries", "{'id':'look','action':'looked-at','data':{'customer':{'name':'Zoë'}}}");
        RenderedRequest then = new RenderedRequest(
                "POST", "https://u:hunter2@h.example/", List.of(), "Zoe".getBytes(StandardCharsets.UTF_8));
        queue.settle(new Settlement(claim("look"), new Outcome.Drafted(then, true)))
                .block();

        JsonNode draft = api.get("/v1/drafts/look").body();

        assertThat(draft.path("request").path("body").asText()).isEqualTo("Zoe");
        assertThat(draft.path("changes")).hasSize(1);
        assertThat(draft.at("/changes/0/field").asText()).isEqualTo("body");
        assertThat(draft.at("/changes/0/was").asText()).isEqualTo("Zoe");
        assertThat(draft.at("/changes/0/now").asText()).isEqualTo("Zoë");
        assertThat(draft.path("problem").asText()).isEmpty();
        assertThat(draft.toString()).doesNotContain("hunter2");
        api.delete("/v1/actions/looked-at");
        assertThat(api.get("/v1/drafts/look").body().path("problem").asText()).isEqualTo("unknown action");
        assertThat(api.get("/v1/drafts/none").status()).isEqualTo(404);
    }

    @Test
    void listsRefuseWhatTheyCannotUse() {
        assertThat(api.get("/v1/deliveries?state=lost").status()).isEqualTo(400);
        assertThat(api.get("/v1/deliveries?since=yesterday").status()).isEqualTo(400);
        assertThat(api.get("/v1/deliveries?since=2026-01-01T00:00:00Z&limit=1").status())
                .isEqualTo(200);
        for (String cursor : List.of("%0a", "rubbish", "i=rubbish", "s=1~s=1", "f=17_x-1", "x=end", "i=end~")) {
            assertThat(api.get("/v1/deliveries?cursor=" + cursor).status())
                    .as(cursor)
                    .isEqualTo(400);
        }
        assertThat(api.get("/v1/deliveries?limit=1&limit=2").status()).isEqualTo(400);
        assertThat(api.get("/v1/quarantine?cursor=rubbish").status()).isEqualTo(400);
    }

    @Test
    void whatIsNoJobIsSeenAndDropped() {
        api.connections.admin().send(CommandType.XADD, "posthaste:{0}:inbox", "*", "v", "9");
        takeIn();

        JsonNode entry = api.get("/v1/quarantine").body().path("quarantine").path(0);

        assertThat(entry.path("reason").asText()).isNotEmpty();
        assertThat(api.delete("/v1/quarantine/" + entry.path("id").asText()).status())
                .isEqualTo(204);
        assertThat(api.delete("/v1/quarantine/" + entry.path("id").asText()).status())
                .isEqualTo(404);
        assertThat(api.delete("/v1/quarantine/rubbish").status()).isEqualTo(404);
    }

    private static void fail(String id) {
        Attempt attempt = new Attempt(1, 1_700_000_000_000L, 404, 5, "HTTP 404", "");
        queue.settle(new Settlement(claim(id), new Outcome.Failed(attempt, "HTTP 404", REQUEST)))
                .block();
    }
}
