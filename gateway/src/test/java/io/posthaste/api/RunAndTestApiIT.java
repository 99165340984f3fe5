package io.posthaste.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.posthaste.api.port.TestSender;
import io.posthaste.job.Header;
import io.posthaste.job.Lease;
import io.posthaste.job.NoAnswerCause;
import io.posthaste.job.Reply;
import io.posthaste.job.SignedRequest;
import io.posthaste.queue.RedisJobQueue;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;

/** Shortcuts (M86) and test requests (M87). */
class RunAndTestApiIT {
    @AutoClose
    private static final RunningApi api = new RunningApi();

    private static final RedisJobQueue queue = api.queue();

    @BeforeAll
    static void start() {
        api.put(
                "/v1/actions/greet",
                "{'url':'https://u:hunter2@h.example/{{delivery_id}}','headers':[],'body':'{{customer.name}}'}");
        api.put("/v1/actions/off", "{'url':'https://h.example/','sending':'off'}");
        api.put("/v1/actions/picky", "{'url':'https://h.example/','body':'{% abort_message \\\"not today\\\" %}'}");
    }

    @BeforeEach
    void waitForRoom() {
        api.nanos.addAndGet(60_000_000_000L);
    }

    @Test
    void aRunIsADeliveryWithThePersonAloneAndAKeyOfItsOwn() {
        var first = api.post("/v1/actions/greet/run", "{'customer':{'id':'7','f':1.50},'by':'ada'}");
        var second = api.post("/v1/actions/greet/run", "{'customer_id':'10\\\"07'}");

        assertThat(first.status()).isEqualTo(202);
        assertThat(first.body().path("state").asText()).isEqualTo("queued");
        assertThat(first.body().path("by").asText()).isEqualTo("ada");
        List<Lease> leases = queue.claim(2).blockOptional().orElseThrow().leases();
        assertThat(leases)
                .extracting(lease -> new String(lease.job().data(), StandardCharsets.UTF_8))
                .containsExactly("{\"customer\":{\"id\":\"7\",\"f\":1.50}}", "{\"customer_id\":\"10\\\"07\"}");
        assertThat(leases)
                .extracting(lease -> lease.job().key())
                .containsExactly(
                        first.body().path("id").asText(),
                        second.body().path("id").asText())
                .doesNotHaveDuplicates();
        assertThat(api.get("/v1/deliveries/" + first.body().path("id").asText())
                        .body()
                        .path("by")
                        .asText())
                .isEqualTo("ada");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            {}                                       | customer_id
            {'customer':{},'customer_id':'1'}        | customer_id
            {'customer':'1007'}                      | customer
            {'customer_id':7}                        | customer_id
            {'customer':{},'by':''}                  | by
            {'customer':{},'by':'a\\nb','x':1}       | by,x
            """)
    void aRunThatMakesNoSenseNamesItsFields(String body, String fields) {
        var refused = api.post("/v1/actions/greet/run", body);

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.fields()).containsExactlyInAnyOrder(fields.split(","));
    }

    @Test
    void onlyAnActionThatIsThereAndOnIsRun() {
        assertThat(api.post("/v1/actions/nope/run", "{'customer':{}}").status()).isEqualTo(404);
        assertThat(api.post("/v1/actions/off/run", "{'customer':{}}").status()).isEqualTo(409);
        assertThat(api.call("POST", "/v1/actions/greet/run", RunningApi.READ, "{'customer':{}}")
                        .status())
                .isEqualTo(403);
    }

    @Test
    void aTestTellsWhatWasSentAndAnswered() {
        api.tester = (action, request, id, key) -> Mono.just(new TestSender.Sent(
                new SignedRequest(
                        request,
                        List.of(
                                new Header("X-CIO-Delivery-ID", id),
                                new Header("X-CIO-Idempotency-Key", key),
                                new Header("X-CIO-Signature", "abc"))),
                new Reply.Answered(
                        201,
                        List.of(new Header("Set-Cookie", "session=1"), new Header("Server", "x")),
                        "you sent hunter2".getBytes(StandardCharsets.UTF_8),
                        false,
                        12)));

        JsonNode tested = api.post("/v1/actions/greet/test", "{'data':{'customer':{'name':'Zoë'}}}")
                .body();

        assertThat(tested.path("delivery_id").asText()).isEqualTo("unsent");
        assertThat(tested.path("request").path("url").asText()).isEqualTo("https://u:***@h.example/unsent");
        assertThat(tested.path("request").path("body").asText()).isEqualTo("Zoë");
        assertThat(tested.path("request").path("headers").findValuesAsText("value"))
                .contains("unsent", tested.path("idempotency_key").asText(), "abc");
        assertThat(tested.path("response").path("status").asInt()).isEqualTo(201);
        assertThat(tested.path("response").path("headers").findValuesAsText("value"))
                .containsExactly("***", "x");
        assertThat(tested.path("response").path("body").asText()).isEqualTo("you sent ***");
        assertThat(tested.path("response").path("duration_ms").asInt()).isEqualTo(12);
        assertThat(tested.path("reason").asText()).isEmpty();
    }

    @Test
    void aTestWithoutAnAnswerTellsWhy() {
        api.tester = (action, request, id, key) -> Mono.just(new TestSender.Sent(
                new SignedRequest(request, List.of()),
                new Reply.NoAnswer(NoAnswerCause.CONNECT, "connection refused", 3)));

        JsonNode tested = api.post("/v1/actions/greet/test", "{'data':{'customer':{'name':'x'}}}")
                .body();

        assertThat(tested.path("response").isNull()).isTrue();
        assertThat(tested.path("reason").asText()).isEqualTo("connection refused");
    }

    @Test
    void aTestTellsWhatEachAttributeWouldBecomeAndSetsNothing() {
        api.put("/v1/people/1007", "{'spent':'100.50'}");
        api.put("/v1/actions/pay", """
                {'url':'https://u:hunter2@h.example/','headers':[],'response_attributes':[
                 {'attribute':'spent','template':'{{ customer.spent | plus: response.amount }}'},
                 {'attribute':'lead','template':'{{ response.lead }}'},
                 {'attribute':'echo','template':'{{ response.echo }}'},
                 {'attribute':'nickname','template':'{{ response.none }}'},
                 {'attribute':'journey.paid','template':'{{ response.amount }}'}]}""");
        answers(200, "{\"amount\":20,\"echo\":[\"hunter2\"],\"none\":null}");

        JsonNode attributes = api.post("/v1/actions/pay/test", "{'data':{'customer_id':'1007'}}")
                .body()
                .path("attributes");

        assertThat(attributes)
                .extracting(JsonNode::toString)
                .containsExactly(
                        "{\"attribute\":\"spent\",\"value\":120.5}",
                        "{\"attribute\":\"lead\",\"error\":\"attribute lead: Variable 'response.lead' is missing\"}",
                        "{\"attribute\":\"echo\",\"value\":\"[\\\"***\\\"]\"}",
                        "{\"attribute\":\"nickname\",\"value\":null}",
                        "{\"attribute\":\"journey.paid\",\"value\":20}");
        assertThat(api.get("/v1/people/1007").body().toString()).isEqualTo("{\"id\":\"1007\",\"spent\":\"100.50\"}");
    }

    @Test
    void aTestForNobodyOrThatIsRefusedWouldSetNothing() {
        api.put(
                "/v1/actions/lead",
                "{'url':'https://h.example/','response_attributes':[{'attribute':'lead','template':'{{ http.status }}'}]}");
        answers(201, "");
        JsonNode nobody = api.post("/v1/actions/lead/test", "{}").body().path("attributes");
        answers(404, "");
        JsonNode refused = api.post("/v1/actions/lead/test", "{'data':{'customer':{'id':'7'}}}")
                .body()
                .path("attributes");

        assertThat(nobody.path(0).path("error").asText()).startsWith("the data name no person");
        assertThat(refused).isEmpty();
    }

    private static void answers(int status, String body) {
        api.tester = (action, request, id, key) -> Mono.just(new TestSender.Sent(
                new SignedRequest(request, List.of()),
                new Reply.Answered(status, List.of(), body.getBytes(StandardCharsets.UTF_8), false, 1)));
    }

    @Test
    void whatATemplateRefusesIsNotSent() {
        JsonNode aborted = api.post("/v1/actions/picky/test", "{}").body();

        assertThat(aborted.path("request").isNull()).isTrue();
        assertThat(aborted.path("reason").asText()).isEqualTo("not today");
        assertThat(api.post("/v1/actions/greet/test", "{'data':{'customer':{}}}")
                        .status())
                .isEqualTo(422);
    }

    @Test
    void runsAndTestsAreLimited() {
        assertThat(IntStream.range(0, 30)
                        .map(i -> api.post("/v1/actions/picky/test", "{}").status()))
                .contains(200, 429);
        assertThat(IntStream.range(0, 30)
                        .map(i -> api.post("/v1/actions/nope/run", "{'customer':{}}")
                                .status()))
                .contains(404, 429);
    }
}
