package io.posthaste.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.lettuce.core.protocol.CommandType;
import io.posthaste.job.Attempt;
import io.posthaste.job.Header;
import io.posthaste.job.Lease;
import io.posthaste.job.Outcome;
import io.posthaste.job.RenderedRequest;
import io.posthaste.job.Settlement;
import io.posthaste.queue.RedisJobQueue;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeliveryApiIT {
    private static final RenderedRequest REQUEST = new RenderedRequest(
            "POST",
            "https://agent:hunter2@h.example/in?token=CANARY-TOKEN",
            List.of(new Header("Content-Type", "application/json"), new Header("X-Api-Key", "CANARY-KEY")),
            "{\"note\":\"Zoë\",\"echo\":\"CANARY-KEY\"}".getBytes(StandardCharsets.UTF_8));

    @AutoClose
    private static final RunningApi api = new RunningApi();

    private static final RedisJobQueue queue = api.queue();

    @Test
    void aJobIsEnqueuedAsItWasWritten() {
        String data = "{'customer':{'id':'1'},'n':12345678901234567890,'f':19.90, 'z' : [ 1e400 ]}";

        var answer = api.post("/v1/deliveries", "{'id':'whole','action':'as-written','key':'k1','data':" + data + "}");

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.body().path("ids").path(0).asText()).isEqualTo("whole");
        Lease lease = claim("whole");
        assertThat(new String(lease.job().data(), StandardCharsets.UTF_8)).isEqualTo(data.replace('\'', '"'));
        assertThat(lease.job().key()).isEqualTo("k1");
        assertThat(lease.job().action()).isEqualTo("as-written");
    }

    @Test
    void jobsWithoutAnIdGetOne() {
        var answer = api.post("/v1/deliveries", "[{'action':'unnamed','data':{}},{'action':'unnamed','data':{}}]");

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.body().path("ids")).hasSize(2);
        assertThat(answer.body().path("ids").path(0))
                .isNotEqualTo(answer.body().path("ids").path(1));
    }

    @Test
    void aThousandJobsGoInOneCallAndNotOneMore() {
        String job = "{'action':'many','data':{}}";

        assertThat(api.post("/v1/deliveries", "[" + String.join(",", Collections.nCopies(1_000, job)) + "]")
                        .status())
                .isEqualTo(202);
        assertThat(api.post("/v1/deliveries", "[" + String.join(",", Collections.nCopies(1_001, job)) + "]")
                        .status())
                .isEqualTo(422);
        assertThat(api.post("/v1/deliveries", "[]").status()).isEqualTo(422);
    }

    @Test
    void jobsMayComeAsLines() {
        String lines =
                "{'action':'lines','data':{}}\n\n{'id':'named','action':'lines','data':{'n':1.50}}\r\n".repeat(300);

        var answer = api.postLines("/v1/deliveries", lines.replace("named", "named-line"));

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.body().path("ids")).hasSize(600);
        assertThat(answer.body().path("ids").path(1).asText()).isEqualTo("named-line");
        assertThat(api.get("/v1/deliveries/named-line").status()).isEqualTo(200);
    }

    @Test
    void aWrongLineEndsThemAndThoseBeforeAreTaken() {
        String good = "{'action':'lines','data':{}}\n".repeat(300);

        var refused = api.postLines("/v1/deliveries", good + "{'action':'lines','data':7}\n" + good);
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.body().path("detail").asText()).endsWith("jobs taken from the lines before: 300");
        assertThat(refused.body().path("errors").path(0).path("field").asText()).isEqualTo("line 301.data");

        var malformed = api.postLines("/v1/deliveries", "{'action':'lines','data':{}}\n{'action':");
        assertThat(malformed.status()).isEqualTo(400);
        assertThat(malformed.body().path("detail").asText()).endsWith("jobs taken from the lines before: 1");
        assertThat(malformed.body().path("errors").path(0).path("field").asText())
                .isEqualTo("line 2");

        assertThat(api.postLines("/v1/deliveries", "[]\n").status()).isEqualTo(422);
        assertThat(api.postLines("/v1/deliveries", "\n\n").body().path("ids")).isEmpty();
    }

    @Test
    void jobsAreNotCountedAmongTheWrites() {
        for (int i = 0; i < 700; i++) {
            assertThat(api.post("/v1/deliveries", "{'action':'many','data':{}}").status())
                    .isEqualTo(202);
        }
    }

    @Test
    void oneBadJobAndNothingIsWritten() {
        long before = api.get("/v1/stats").body().path("inbox").asLong();

        var refused = api.post(
                "/v1/deliveries",
                "[{'id':'good','action':'a','data':{}},{'id':'b d','action':'a','data':[]},7,{'lane':'l','data':{}}]");

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.fields()).containsExactlyInAnyOrder("[1].id", "[1].data", "[2]", "[3].lane");
        assertThat(api.get("/v1/stats").body().path("inbox").asLong()).isEqualTo(before);
        assertThat(api.get("/v1/deliveries/good").status()).isEqualTo(404);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            {'data':{}}                                                  | action
            {'action':'a','lane':'l','request':{'url':'u'},'data':{}}    | action,request.url
            {'lane':'l','request':{'url':'ftp://h/','x':1},'data':{}}    | request.url,request.x
            {'request':{'url':'https://h.example/'},'data':{}}           | lane
            {'action':'a'}                                               | data
            {'action':'a','data':'{}'}                                   | data
            {'action':'a','data':{'customer':'1007'}}                    | data.customer
            {'action':'a','data':{'secrets':{},'http':1}}                | data.http,data.secrets
            {'action':'a','data':{},'key':'a b'}                         | key
            {'action':'a','data':{},'key':7}                             | key
            {'action':'a','data':{},'at':'tomorrow'}                     | at
            {'action':'a','data':{},'at':-1}                             | at
            {'action':'a','data':{},'at':1.5}                            | at
            {'action':'a','data':{},'at':99999999999999}                 | at
            {'action':'a','data':{},'at':'9999-12-31T23:59:59Z'}         | at
            {'action':'a','data':{},'draft':1}                           | draft
            {'action':7,'data':{}}                                       | action
            {'action':'a','data':{},'prio':1}                            | prio
            {'action':'a','data':{},'results':'some'}                    | results
            {'action':'a','data':{},'by':''}                             | by
            """)
    void aProblemNamesItsField(String job, String fields) {
        var refused = api.post("/v1/deliveries", job);

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.fields()).containsExactlyInAnyOrder(fields.split(","));
    }

    @Test
    void dataMayHaveAQuarterOfAMebibyte() {
        String most = "{'action':'big','data':{'x':'" + "é".repeat((256 * 1024 - 8) / 2) + "'}}";
        String more = most.replace("'x':'", "'x':' ");

        assertThat(api.post("/v1/deliveries", most).status()).isEqualTo(202);
        assertThat(api.post("/v1/deliveries", more).fields()).containsExactly("data");
    }

    @Test
    void aTimeMayBeWrittenEitherWay() {
        api.post("/v1/deliveries", "{'id':'at-1','action':'later','data':{},'at':" + RunningApi.LATER + "}");
        api.post(
                "/v1/deliveries",
                "{'id':'at-2','action':'later','data':{},'at':'" + Instant.ofEpochMilli(RunningApi.LATER) + "'}");
        takeIn();

        for (String id : List.of("at-1", "at-2")) {
            assertThat(api.get("/v1/deliveries/" + id)
                            .body()
                            .path("next_attempt_at")
                            .asLong())
                    .isEqualTo(RunningApi.LATER);
        }
    }

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

    /** Everything that the tests have left in the inbox, of which one claim takes a part. */
    private static void takeIn() {
        queue.claim(0).repeat(4).blockLast();
    }

    /** Leases until the job turns up; others that come along stay leased. */
    private static Lease claim(String id) {
        for (int turn = 0; turn < 50; turn++) {
            var claim = queue.claim(256).blockOptional().orElseThrow();
            for (Lease lease : claim.leases()) {
                if (lease.job().id().equals(id)) {
                    return lease;
                }
            }
        }
        throw new AssertionError(id + " was never leased");
    }
}
