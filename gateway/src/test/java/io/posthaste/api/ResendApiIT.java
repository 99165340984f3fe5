package io.posthaste.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.posthaste.job.Attempt;
import io.posthaste.job.Header;
import io.posthaste.job.Job;
import io.posthaste.job.Lease;
import io.posthaste.job.Outcome;
import io.posthaste.job.RenderedRequest;
import io.posthaste.job.Settlement;
import io.posthaste.queue.RedisJobQueue;
import io.posthaste.queue.Settled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Sending again by hand (M23, M26, M27). */
class ResendApiIT {
    private static final RenderedRequest REQUEST = new RenderedRequest(
            "PUT",
            "https://agent:hunter2@h.example/in?token=CANARY-TOKEN",
            List.of(new Header("Content-Type", "application/json"), new Header("X-Api-Key", "CANARY-KEY")),
            "{\"note\":\"Zoë\"}".getBytes(StandardCharsets.UTF_8));

    @AutoClose
    private static final RunningApi api = new RunningApi();

    private static final RedisJobQueue queue = api.queue();

    @Test
    void aSentDeliveryIsSentAgainWithTheSameBytesUnderTheSameKey() {
        enqueue("sent-1", "'key':'k-1','by':'ada','results':'final'");
        deliver(claim("sent-1"));

        var again = api.post("/v1/deliveries/sent-1/resend", "");

        assertThat(again.status()).isEqualTo(202);
        assertThat(again.body().path("state").asText()).isEqualTo("queued");
        Lease lease = claim("sent-1");
        assertThat(lease.frozen()).usingRecursiveComparison().isEqualTo(REQUEST);
        assertThat(lease.job().key()).isEqualTo("k-1");
        assertThat(lease.job().terms().by()).isEqualTo("ada");
        assertThat(lease.job().terms().results()).isEqualTo(Job.Results.FINAL);
        assertThat(lease.resent()).isTrue();
        assertThat(lease.isApprovedDraft()).isFalse();
        assertThat(lease.past().attempts()).isZero();
        deliver(lease);
        JsonNode sent = api.get("/v1/deliveries/sent-1").body();
        assertThat(sent.path("state").asText()).isEqualTo("sent");
        assertThat(sent.path("attempts")).hasSize(2);
        assertThat(idsOf("/v1/deliveries?state=sent")).containsOnlyOnce("sent-1");
    }

    @Test
    void anInlineRequestKeepsItsOwnDefinitionWhenItIsSentAgain() {
        api.post(
                "/v1/deliveries",
                "{'id':'inline','lane':'own','request':{'url':'https://h.example/','signatures':['standard-webhooks']},'data':{}}");
        deliver(claim("inline"));

        assertThat(api.post("/v1/deliveries/inline/resend", "").status()).isEqualTo(202);

        Lease lease = claim("inline");
        assertThat(lease.job().action()).isNull();
        assertThat(lease.job().lane()).isEqualTo("own");
        assertThat(new String(Objects.requireNonNull(lease.job().request()).definition(), StandardCharsets.UTF_8))
                .contains("standard-webhooks");
    }

    @Test
    void whatWasSentIsShownWithItsSecretsMasked() {
        enqueue("shown", "'by':'ada'");
        deliver(claim("shown"));

        JsonNode sent = api.get("/v1/deliveries/shown").body();

        assertThat(sent.path("request").path("method").asText()).isEqualTo("PUT");
        assertThat(sent.path("request").path("body").asText()).isEqualTo("{\"note\":\"Zoë\"}");
        assertThat(sent.path("attempts").path(0).path("response").asText()).isEqualTo("thanks");
        assertThat(sent.path("by").asText()).isEqualTo("ada");
        assertThat(sent.toString()).doesNotContain("hunter2", "CANARY");
    }

    @Test
    void whatIsUnderWayIsNeverDoubled() {
        enqueue("twice", "");
        deliver(claim("twice"));

        List<Integer> answers = IntStream.range(0, 40)
                .parallel()
                .map(i -> api.post("/v1/deliveries/twice/resend", "").status())
                .boxed()
                .toList();

        assertThat(answers).containsOnly(202, 409).containsOnlyOnce(202);
        deliver(claim("twice"));
        assertThat(api.get("/v1/deliveries/twice").body().path("attempts")).hasSize(2);
        assertThat(queue.claim(256).blockOptional().orElseThrow().leases())
                .extracting(lease -> lease.job().id())
                .doesNotContain("twice");
    }

    @Test
    void aFailedDeliveryThatManyAskForIsSentOnce() {
        enqueue("failing", "");
        fail(claim("failing"));

        List<Integer> answers = IntStream.range(0, 40)
                .parallel()
                .map(i -> api.post("/v1/deliveries/failing/resend", "").status())
                .boxed()
                .toList();

        assertThat(answers).containsOnly(202, 409).containsOnlyOnce(202);
    }

    @Test
    void aSecondFailureOfWhatWasSentCanBeSentAgainButNotRendered() {
        enqueue("late-failure", "");
        deliver(claim("late-failure"));
        api.post("/v1/deliveries/late-failure/resend", "");
        fail(claim("late-failure"));

        assertThat(api.post("/v1/deliveries/late-failure/resend", "{'with':'current'}")
                        .status())
                .isEqualTo(409);
        assertThat(api.post("/v1/deliveries/late-failure/resend", "{'with':'frozen'}")
                        .status())
                .isEqualTo(202);
        Lease lease = claim("late-failure");
        assertThat(lease.resent()).isTrue();
        assertThat(lease.frozen()).usingRecursiveComparison().isEqualTo(REQUEST);
    }

    @Test
    void withTheCurrentTemplateItIsANewDeliveryUnderANewKey() {
        enqueue("old", "'key':'k-old','by':'ada'");
        fail(claim("old"));

        var renewed = api.post("/v1/deliveries/old/resend", "{'with':'current'}");

        assertThat(renewed.status()).isEqualTo(202);
        String id = renewed.body().path("id").asText();
        assertThat(id).isNotEqualTo("old");
        Lease lease = claim(id);
        assertThat(lease.job().key()).isEqualTo(id);
        assertThat(lease.frozen()).isNull();
        assertThat(new String(lease.job().data(), StandardCharsets.UTF_8)).isEqualTo("{\"n\":1.50}");
        assertThat(api.get("/v1/deliveries/old").body().path("state").asText()).isEqualTo("failed");
    }

    @Test
    void whatNeverFailedToRenderAgainKeepsItsIdAndKey() {
        enqueue("unrendered", "'key':'k-un'");
        queue.settle(new Settlement(
                        claim("unrendered"), new Outcome.Failed(null, "Variable 'customer.x' is missing", null)))
                .block();

        assertThat(api.post("/v1/deliveries/unrendered/resend", "").status()).isEqualTo(202);

        Lease lease = claim("unrendered");
        assertThat(lease.frozen()).isNull();
        assertThat(lease.job().key()).isEqualTo("k-un");
    }

    @Test
    void whatCannotBeSentAgainIsToldWhy() {
        enqueue("waiting", "'at':" + RunningApi.LATER);
        enqueue("stopped", "");
        queue.settle(new Settlement(claim("stopped"), new Outcome.Aborted("not today")))
                .block();
        enqueue("sent-2", "");
        deliver(claim("sent-2"));

        assertThat(detail("waiting", "")).contains("under way");
        assertThat(detail("stopped", "")).contains("by decision");
        assertThat(detail("sent-2", "{'with':'current'}")).contains("failed delivery");
        assertThat(api.post("/v1/deliveries/nobody/resend", "").status()).isEqualTo(404);
        assertThat(api.post("/v1/deliveries/nobody/resend", "{'with':'current'}")
                        .status())
                .isEqualTo(404);
        assertThat(api.post("/v1/deliveries/sent-2/resend", "{'with':'luck','x':1}")
                        .fields())
                .containsExactlyInAnyOrder("with", "x");
    }

    @Test
    void aRequestTooLongToBeKeptSaysSo() {
        enqueue("long", "");
        Lease lease = claim("long");
        RenderedRequest large = new RenderedRequest("POST", "https://h.example/", List.of(), new byte[70_000]);
        settle(lease, new Outcome.Delivered(attempt(200, ""), large, false));

        assertThat(api.get("/v1/deliveries/long").body().path("request").isNull())
                .isTrue();
        assertThat(detail("long", "")).contains("history.requests");
    }

    @Test
    void theDataAreThereUntilTheDeliveryIsSent() {
        enqueue("data-1", "");

        assertThat(api.get("/v1/deliveries/data-1/data").response().body()).isEqualTo("{\"n\":1.50}");
        Lease lease = claim("data-1");
        fail(lease);
        assertThat(api.get("/v1/deliveries/data-1/data").response().body()).isEqualTo("{\"n\":1.50}");
        api.post("/v1/deliveries/data-1/resend", "");
        deliver(claim("data-1"));

        var gone = api.get("/v1/deliveries/data-1/data");
        assertThat(gone.status()).isEqualTo(409);
        assertThat(gone.body().path("detail").asText()).startsWith("its data are not kept");
        assertThat(api.get("/v1/deliveries/nobody/data").status()).isEqualTo(404);
    }

    private static String detail(String id, String body) {
        var refused = api.post("/v1/deliveries/" + id + "/resend", body);
        assertThat(refused.status()).isEqualTo(409);
        return refused.body().path("detail").asText();
    }

    private static List<String> idsOf(String list) {
        return api.get(list).body().path("deliveries").findValuesAsText("id");
    }

    /** @param more further fields, as JSON */
    private static void enqueue(String id, String more) {
        String fields = more.isEmpty() ? "" : "," + more;
        var answer = api.post("/v1/deliveries", "{'id':'" + id + "','action':'a','data':{'n':1.50}" + fields + "}");
        assertThat(answer.status()).isEqualTo(202);
    }

    private static void deliver(Lease lease) {
        settle(lease, new Outcome.Delivered(attempt(200, "thanks"), REQUEST, false));
    }

    private static void fail(Lease lease) {
        settle(lease, new Outcome.Failed(attempt(404, "no"), "HTTP 404", lease.frozen() == null ? REQUEST : null));
    }

    private static Attempt attempt(int status, String excerpt) {
        return new Attempt(1, 1_700_000_000_000L, status, 5, status == 200 ? "" : "HTTP " + status, excerpt);
    }

    private static void settle(Lease lease, Outcome outcome) {
        assertThat(queue.settle(new Settlement(lease, outcome)).block(Duration.ofSeconds(20)))
                .isEqualTo(Settled.APPLIED);
    }

    /** Leases until the job turns up; others that come along stay leased. */
    private static Lease claim(String id) {
        for (int turn = 0; turn < 50; turn++) {
            for (Lease lease : queue.claim(1).blockOptional().orElseThrow().leases()) {
                if (lease.job().id().equals(id)) {
                    return lease;
                }
            }
        }
        throw new AssertionError(id + " was never leased");
    }
}
