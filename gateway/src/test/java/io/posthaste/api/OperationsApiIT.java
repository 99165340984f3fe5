package io.posthaste.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.posthaste.job.Attempt;
import io.posthaste.job.Lease;
import io.posthaste.job.Outcome;
import io.posthaste.job.RenderedRequest;
import io.posthaste.job.Settlement;
import io.posthaste.queue.RedisJobQueue;
import io.posthaste.queue.upkeep.OperationSteps;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What is done to many deliveries in the background (M67, M81). */
class OperationsApiIT {
    private static final RenderedRequest REQUEST =
            new RenderedRequest("POST", "https://h.example/", List.of(), new byte[] {'x'});

    @AutoClose
    private final RunningApi api = new RunningApi();

    private final RedisJobQueue queue = api.queue();
    private final List<OperationSteps> steps = new ArrayList<>();

    @AfterEach
    void stop() {
        steps.forEach(OperationSteps::close);
    }

    @Test
    void failedDeliveriesAreSentAgainByActionReasonAndTime() {
        fail(30, "crm", "HTTP 503");
        fail(5, "crm", "HTTP 404");
        fail(5, "mail", "HTTP 503");

        JsonNode started = api.post("/v1/deliveries/resend", "{'action':'crm','reason':'503','per_second':1000}")
                .body();
        assertThat(started.path("count").asInt()).isEqualTo(30);
        run(1);

        awaitDone(started);
        assertThat(ids(queued())).hasSize(30).allMatch(id -> id.startsWith("crm-HTTP503"));
        JsonNode operation = api.get("/v1/operations/" + id(started)).body();
        assertThat(operation.path("done").asInt()).isEqualTo(30);
        assertThat(api.get("/v1/operations").body().path("operations").findValuesAsText("id"))
                .containsExactly(id(started));
        assertThat(api.post("/v1/operations/" + id(started) + "/cancel", "").status())
                .isEqualTo(409);
    }

    @Test
    void aTimeThatIsOverMatchesNothing() {
        fail(3, "crm", "HTTP 503");

        assertThat(api.post("/v1/deliveries/resend", "{'until':1000}")
                        .body()
                        .path("count")
                        .asInt())
                .isZero();
        assertThat(api.post("/v1/deliveries/resend", "{'since':4102444800000}")
                        .body()
                        .path("count")
                        .asInt())
                .isZero();
        assertThat(api.post("/v1/deliveries/resend", "{'limit':2}")
                        .body()
                        .path("count")
                        .asInt())
                .isEqualTo(2);
    }

    @Test
    void aDryRunCountsAndSendsNothing() {
        fail(100, "crm", "HTTP 503");
        fail(100, "crm", "HTTP 503 early");
        fail(100, "crm", "HTTP 503 late");
        fail(5, "crm", "HTTP 404");

        assertThat(countedBy("{'action':'crm','reason':'503','dry_run':true}")).isEqualTo(300);
        assertThat(countedBy("{'limit':7,'dry_run':true}")).isEqualTo(7);
        assertThat(api.get("/v1/operations").body().path("operations")).isEmpty();
    }

    private int countedBy(String conditions) {
        var said = api.post("/v1/deliveries/resend", conditions);
        assertThat(said.status()).isEqualTo(200);
        return said.body().path("count").asInt();
    }

    @Test
    void anEmptyReasonIsRefusedWhereItWouldMeanAny() {
        var said = api.post("/v1/deliveries/resend", "{'reason':'','limit':0}");

        assertThat(said.status()).isEqualTo(422);
        assertThat(said.body().path("errors").findValuesAsText("field")).containsExactly("reason", "limit");
    }

    @Test
    void theSameOneTwiceAndSeveralInstancesSendNothingTwice() {
        fail(60, "crm", "HTTP 503");

        JsonNode first = api.post("/v1/deliveries/resend", "{'action':'crm','per_second':200}")
                .body();
        JsonNode second = api.post("/v1/deliveries/resend", "{'action':'crm','per_second':200}")
                .body();
        run(3);
        awaitDone(first);

        assertThat(id(second)).isEqualTo(id(first));
        assertThat(ids(queued())).hasSize(60).doesNotHaveDuplicates();
        assertThat(api.get("/v1/operations/" + id(first)).body().path("done").asInt())
                .isEqualTo(60);
    }

    @Test
    void itKeepsToItsRateGoesOnAfterARestartAndCanBeEnded() {
        fail(40, "crm", "HTTP 503");
        JsonNode started =
                api.post("/v1/deliveries/resend", "{'per_second':10}").body();
        long before = System.nanoTime();
        run(1);
        await().until(() -> done(started) >= 3);
        steps.removeFirst().close();
        int whenStopped = done(started);
        run(1);
        await().until(() -> done(started) > whenStopped);

        long millis = (System.nanoTime() - before) / 1_000_000;
        assertThat(done(started)).isLessThanOrEqualTo((int) (millis / 100) + 2);
        assertThat(api.post("/v1/operations/" + id(started) + "/cancel", "")
                        .body()
                        .path("state")
                        .asText())
                .isEqualTo("cancelled");
        int ended = done(started);
        assertThat(ended).isLessThan(40);
        assertThat(api.post("/v1/operations/nope/cancel", "").status()).isEqualTo(404);
    }

    @Test
    void theDraftsOfAnActionAreSentOrDiscarded() {
        draft(6, "crm");
        draft(3, "mail");

        JsonNode discarding =
                api.post("/v1/drafts/discard", "{'action':'mail'}").body();
        JsonNode sending =
                api.post("/v1/drafts/send", "{'action':'crm','limit':4}").body();
        assertThat(sending.path("count").asInt()).isEqualTo(4);
        run(1);
        awaitDone(discarding);
        awaitDone(sending);

        assertThat(ids(queued())).hasSize(4).allMatch(id -> id.startsWith("crm"));
        assertThat(api.get("/v1/drafts").body().path("drafts")).hasSize(2);
        assertThat(endings()).containsExactly("discarded", "discarded", "discarded");
    }

    @Test
    void anActionThatIsSwitchedOffEndsItsPendingRetriesAndNothingElse() {
        api.put("/v1/actions/crm", "{'url':'https://h.example/'}");
        retry(3, "crm");
        retry(1, "mail");
        api.post("/v1/deliveries", "{'id':'later','action':'crm','data':{},'at':" + RunningApi.LATER + "}");
        queue.claim(0).block();
        run(1);

        api.put("/v1/actions/crm", "{'url':'https://h.example/','sending':'off'}");

        await().until(() -> endings().size() == 3);
        assertThat(endings()).containsOnly("action is off");
        assertThat(state("later")).isEqualTo("queued");
        assertThat(state("mail-retry-0")).isEqualTo("retrying");
    }

    @Test
    void anActionThatIsDeletedEndsItsPendingRetries() {
        api.put("/v1/actions/crm", "{'url':'https://h.example/'}");
        retry(2, "crm");
        run(1);

        api.delete("/v1/actions/crm");

        await().until(() -> state("crm-retry-1").equals("cancelled"));
        assertThat(api.get("/v1/deliveries/crm-retry-0").body().path("reason").asText())
                .isEqualTo("action was deleted");
    }

    @Test
    void whatMakesNoSenseNamesItsFields() {
        assertThat(api.post(
                                "/v1/deliveries/resend",
                                "{'action':'b d','reason':7,'since':'soon','until':-1,'per_second':0,'limit':0,'x':1}")
                        .fields())
                .containsExactlyInAnyOrder("action", "reason", "since", "until", "per_second", "limit", "x");
        assertThat(api.post("/v1/drafts/send", "{'action':'crm','ids':['x']}").fields())
                .containsExactly("ids");
    }

    private void run(int instances) {
        for (int i = 0; i < instances; i++) {
            OperationSteps instance = api.operationSteps();
            steps.add(instance);
            instance.start();
        }
    }

    /** Why cancelled deliveries were. */
    private List<String> endings() {
        List<String> reasons = new ArrayList<>();
        api.get("/v1/deliveries?state=cancelled")
                .body()
                .path("deliveries")
                .forEach(one -> reasons.add(one.path("reason").asText()));
        return reasons;
    }

    private static String id(JsonNode started) {
        return started.path("operation").path("id").asText();
    }

    private int done(JsonNode started) {
        return api.get("/v1/operations/" + id(started)).body().path("done").asInt();
    }

    private void awaitDone(JsonNode started) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> api.get("/v1/operations/" + id(started))
                        .body()
                        .path("state")
                        .asText()
                        .equals("done"));
    }

    private List<Lease> queued() {
        return queue.claim(256).blockOptional().orElseThrow().leases();
    }

    private static List<String> ids(List<Lease> leases) {
        return leases.stream().map(lease -> lease.job().id()).toList();
    }

    private String state(String id) {
        return api.get("/v1/deliveries/" + id).body().path("state").asText();
    }

    private void fail(int count, String action, String reason) {
        end(count, action, reason.replace(" ", ""), new Outcome.Failed(attempt(reason), reason, REQUEST));
    }

    private void retry(int count, String action) {
        end(count, action, "retry", new Outcome.Retry(attempt("HTTP 503"), Duration.ofHours(1), REQUEST));
    }

    private void draft(int count, String action) {
        end(count, action, "draft", new Outcome.Drafted(REQUEST, false));
    }

    private static Attempt attempt(String reason) {
        return new Attempt(1, 1_000, 503, 5, reason, "");
    }

    private void end(int count, String action, String name, Outcome outcome) {
        StringBuilder jobs = new StringBuilder();
        for (int i = 0; i < count; i++) {
            String id = action + "-" + name + "-" + i;
            jobs.append(i == 0 ? "[" : ",").append("{'id':'" + id + "','action':'" + action + "','data':{}}");
        }
        assertThat(api.post("/v1/deliveries", jobs + "]").status()).isEqualTo(202);
        queued().forEach(lease -> queue.settle(new Settlement(lease, outcome)).block());
    }
}
