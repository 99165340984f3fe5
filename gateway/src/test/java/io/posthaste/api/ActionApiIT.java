package io.posthaste.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ActionApiIT {
    @AutoClose
    private static final RunningApi api = new RunningApi();

    @Test
    void anActionIsCreatedReplacedReadAndDeleted() {
        var created = api.put("/v1/actions/zendesk", "{'url':'https://h.example/1','name':'Ticket'}");
        var replaced = api.put("/v1/actions/zendesk", "{'url':'https://h.example/2'}");

        assertThat(created.status()).isEqualTo(201);
        assertThat(created.body().path("id").asText()).isEqualTo("zendesk");
        assertThat(created.body().path("version").asInt()).isEqualTo(1);
        assertThat(created.body().path("method").asText()).isEqualTo("POST");
        assertThat(created.body().path("retry").path("policy").asText()).isEqualTo("standard");
        assertThat(created.body().path("warnings").isArray()).isTrue();
        assertThat(replaced.status()).isEqualTo(200);
        assertThat(replaced.body().path("version").asInt()).isEqualTo(2);
        assertThat(api.get("/v1/actions/zendesk").body().path("url").asText()).isEqualTo("https://h.example/2");
        assertThat(api.get("/v1/actions/zendesk/versions")
                        .body()
                        .path("versions")
                        .findValuesAsText("url"))
                .containsExactly("https://h.example/2", "https://h.example/1");
        assertThat(api.delete("/v1/actions/zendesk").status()).isEqualTo(204);
        assertThat(api.get("/v1/actions/zendesk").status()).isEqualTo(404);
        assertThat(api.delete("/v1/actions/zendesk").status()).isEqualTo(404);
    }

    @Test
    void whatIsAnsweredCanBeSentBack() {
        var stored = api.put("/v1/actions/back", "{'url':'https://h.example/','retry':{'delays_ms':[5]}}");

        var again = api.put("/v1/actions/back", stored.response().body());

        assertThat(again.status()).isEqualTo(200);
        assertThat(again.body().path("retry")).isEqualTo(stored.body().path("retry"));
    }

    @Test
    void theNextLookAtTheActionMeetsTheNewVersion() {
        api.put("/v1/actions/fresh", "{'url':'https://old.example/'}");
        assertThat(api.actions.find("fresh").block()).isNotNull();

        api.put("/v1/actions/fresh", "{'url':'https://new.example/'}");

        assertThat(api.actions.find("fresh").blockOptional().orElseThrow().url())
                .isEqualTo("https://new.example/");
    }

    @Test
    void everyProblemIsListedAndNothingIsStored() {
        api.put("/v1/actions/kept", "{'url':'https://h.example/'}");

        var refused = api.put("/v1/actions/kept", """
                {'url':'ftp://h.example/','method':'HEAD','body':'{{ x','colour':1,
                 'headers':[{'name':'Host','value':'a'},{'name':'A','value':'{{ y'},{'name':'B','value':'a\\nb'}],
                 'response_attributes':[{'attribute':'t','template':'{{ z'}]}""");

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.header("content-type")).isEqualTo("application/problem+json");
        assertThat(refused.body().path("type").asText()).isEqualTo("urn:posthaste:problem:invalid-input");
        assertThat(refused.fields())
                .containsExactlyInAnyOrder(
                        "method",
                        "colour",
                        "url",
                        "body",
                        "headers[0].name",
                        "headers[1].value",
                        "headers[2].value",
                        "response_attributes[0].template");
        for (JsonNode error : refused.body().path("errors")) {
            assertThat(error.path("message").asText()).isNotEmpty();
            assertThat(error.path("fix").asText()).isNotEmpty();
        }
        assertThat(api.get("/v1/actions/kept").body().path("version").asInt()).isEqualTo(1);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            https://agent@acme.com/token:T@acme.zendesk.example/    | 422
            https://h.example:22/                                   | 422
            https://127.1/                                          | 422
            https://h.example/a b                                   | 422
            //h.example/                                            | 422
            https://agent@acme.com:pw@acme.zendesk.example/         | 201
            https://k:{{secrets.zendesk}}@acme.example/{{event.id}} | 201
            https://{{customer.host}}/                              | 201
            {{customer.hook}}                                       | 201
            https://h.example/{% if event.a %}a{% endif %}?q={{ x }}| 201
            """)
    void theLiteralPartsOfAnAddressAreCheckedAtSave(String url, int status) {
        assertThat(api.put("/v1/actions/address", "{'url':'" + url + "'}").status())
                .isIn(status, status - 1);
        api.delete("/v1/actions/address");
    }

    @Test
    void doubtfulThingsAreSaved_withWarnings() {
        var saved = api.put("/v1/actions/doubtful", """
                {'url':'http://user:pw@h.example/',
                 'headers':[{'name':'Authorization','value':'x'},{'name':'Content-Type','value':'x-www-form-urlencoded'}],
                 'body':'id={{customer.id | url_encode}}\\n&email={{customer.email}}'}""");

        assertThat(saved.status()).isEqualTo(201);
        assertThat(saved.body().path("warnings").findValuesAsText("message"))
                .containsExactly(
                        "x-www-form-urlencoded is not a media type",
                        "the Authorization header is sent, the user and password here are not",
                        "http is not encrypted",
                        "is not encoded for a form body");
        JsonNode last = saved.body().path("warnings").path(3);
        assertThat(last.path("line").asInt()).isEqualTo(2);
        assertThat(last.path("column").asInt()).isEqualTo(8);
    }

    @Test
    void malformedJsonTellsThePlace() {
        var refused = api.put("/v1/actions/a", "{'url':\n 'x',}");

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body().path("type").asText()).endsWith("malformed-json");
        assertThat(refused.body().path("errors").path(0).path("line").asInt()).isEqualTo(2);
    }

    @Test
    void listsArePaged() {
        for (String id : new String[] {"page-a", "page-b", "page-c"}) {
            api.put("/v1/actions/" + id, "{'url':'https://h.example/'}");
        }

        var first = api.get("/v1/actions?limit=2&cursor=page");
        var second = api.get(
                "/v1/actions?limit=2&cursor=" + first.body().path("cursor").asText());

        assertThat(first.body().path("actions").findValuesAsText("id")).containsExactly("page-a", "page-b");
        assertThat(second.body().path("actions").findValuesAsText("id")).startsWith("page-c");
        assertThat(api.get("/v1/actions?limit=0").status()).isEqualTo(400);
        assertThat(api.get("/v1/actions?limit=501").status()).isEqualTo(400);
        assertThat(api.get("/v1/actions?token=x").status()).isEqualTo(400);
    }

    @Test
    void aLaneIsPausedAndResumed() {
        api.put("/v1/actions/lane", "{'url':'https://h.example/'}");
        api.post("/v1/deliveries", "{'action':'lane','data':{}}");
        api.queue().claim(0).block();

        assertThat(api.post("/v1/actions/lane/pause", "").body().path("paused").asBoolean())
                .isTrue();
        assertThat(lanePaused("lane")).isTrue();
        assertThat(api.post("/v1/actions/lane/resume", "").status()).isEqualTo(200);
        assertThat(lanePaused("lane")).isFalse();
        assertThat(api.post("/v1/actions/none/pause", "").status()).isEqualTo(404);
    }

    private static boolean lanePaused(String name) {
        for (JsonNode lane : api.get("/v1/stats").body().path("lanes")) {
            if (lane.path("name").asText().equals(name)) {
                return lane.path("paused").asBoolean();
            }
        }
        return false;
    }

    @Test
    void whoMayOnlyLookSeesNoCredentials() {
        api.put("/v1/actions/secretive", """
                {'url':'https://agent:hunter2@h.example/?api_key=KEY123','headers':[{'name':'X-Auth-Token','value':'TOK123'}]}""");

        var seen = api.call("GET", "/v1/actions/secretive", RunningApi.READ, null);

        assertThat(seen.body().path("url").asText()).isEqualTo("https://agent:***@h.example/?api_key=***");
        assertThat(seen.response().body()).doesNotContain("hunter2", "KEY123", "TOK123");
        assertThat(api.get("/v1/actions/secretive").response().body()).contains("hunter2");
    }

    @Test
    void namesThatTheConfigurationMasksAreMasked() {
        String action =
                "{'url':'https://h.example/?x-tenant-id=4711','headers':[{'name':'X-Tenant-Key','value':'hidden-1'}],"
                        + "'body':'tenant hidden-1'}";
        api.put("/v1/actions/tenant", action);

        var definition = api.call("GET", "/v1/actions/tenant", RunningApi.READ, null);
        var preview = api.post("/v1/actions/tenant/preview", "{}");

        assertThat(definition.body().path("url").asText()).isEqualTo("https://h.example/?x-tenant-id=***");
        assertThat(definition.body().at("/headers/0/value").asText()).isEqualTo("***");
        assertThat(preview.body().at("/request/headers/0/value").asText()).isEqualTo("***");
        assertThat(preview.body().at("/request/body").asText()).isEqualTo("tenant ***");
    }

    @Test
    void limitsReachTheLane() {
        api.put("/v1/actions/narrow", "{'url':'https://h.example/','limits':{'max_in_flight':1}}");
        api.post("/v1/deliveries", "[{'action':'narrow','data':{}},{'action':'narrow','data':{}}]");

        var claim = api.queue().claim(10).blockOptional().orElseThrow();

        assertThat(claim.leases().stream().filter(lease -> lease.job().lane().equals("narrow")))
                .hasSize(1);
    }

    @Test
    void aPreviewShowsWhatWouldBeSent() {
        api.put(
                "/v1/actions/seen",
                "{'url':'https://u:hunter2@h.example/{{event.id}}','body':'{\\\"n\\\":{{ customer.n | to_json }},\\\"d\\\":\\\"{{delivery_id}}\\\"}'}");

        var preview = api.call(
                "POST",
                "/v1/actions/seen/preview",
                RunningApi.READ,
                "{'data':{'customer':{'n':19.90},'event':{'id':7}}}");

        assertThat(preview.status()).isEqualTo(200);
        JsonNode request = preview.body().path("request");
        assertThat(request.path("method").asText()).isEqualTo("POST");
        assertThat(request.path("url").asText()).isEqualTo("https://u:***@h.example/7");
        assertThat(request.path("body").asText()).isEqualTo("{\"n\":19.90,\"d\":\"unsent\"}");
        assertThat(preview.body().path("missing").isArray()).isTrue();
        assertThat(api.post("/v1/actions/none/preview", "{}").status()).isEqualTo(404);
        assertThat(api.post("/v1/actions/seen/preview", "{'data':[],'x':1}").fields())
                .containsExactlyInAnyOrder("data", "x");
    }

    @Test
    void anUnsavedActionIsPreviewedLikeASavedOne() {
        var preview = api.post(
                "/v1/preview",
                "{'action':{'url':'https://h.example/','body':'{{ customer.id }}','headers':[]},'data':{'customer':{'id':5}}}");
        var missing = api.post(
                "/v1/preview",
                "{'action':{'url':'https://h.example/','body':'{{ customer.gone }}','headers':[]},'data':{'customer':{}}}");
        var undialled = api.post(
                "/v1/preview",
                "{'action':{'url':'https://{{customer.host}}/'},'data':{'customer':{'host':'10.0.0.0x1'}}}");
        assertThat(undialled.status()).isEqualTo(200);
        assertThat(undialled.body().path("warnings").findValuesAsText("message"))
                .anyMatch(message -> message.contains("host"));
        var broken = api.post("/v1/preview", "{'action':{'url':'https://h.example/','body':'{{ x'},'data':{}}");

        assertThat(preview.body().path("request").path("body").asText()).isEqualTo("5");
        assertThat(missing.status()).isEqualTo(422);
        assertThat(missing.body().path("errors").path(0).path("message").asText())
                .contains("customer.gone");
        assertThat(broken.fields()).containsExactly("action.body");
    }
}
