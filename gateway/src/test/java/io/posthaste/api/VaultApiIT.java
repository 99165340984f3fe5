package io.posthaste.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.lettuce.core.protocol.CommandType;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Secrets, snippets and signing keys over HTTP. */
class VaultApiIT {
    @AutoClose
    private static final RunningApi api = new RunningApi();

    @BeforeEach
    void empty() {
        api.connections.admin().commands().flushall().toCompletableFuture().join();
        api.vault.refresh().block();
    }

    @Test
    void aSecretIsWrittenReplacedAndDeletedAndNeverReadBack() {
        var created = api.put("/v1/secrets/zendesk", "{'value':'p4ssw0rd'}");
        var replaced = api.put("/v1/secrets/zendesk", "{'value':'n3w-p4ss'}");
        var read = api.get("/v1/secrets/zendesk");
        var listed = api.get("/v1/secrets");

        assertThat(created.status()).isEqualTo(201);
        assertThat(replaced.status()).isEqualTo(200);
        assertThat(read.body().fieldNames()).toIterable().containsExactly("name", "created_at", "updated_at");
        assertThat(listed.body().path("secrets")).containsExactly(read.body());
        for (var said : List.of(created, replaced, read, listed)) {
            assertThat(said.response().body()).doesNotContain("p4ss");
        }
        assertThat(Objects.requireNonNull(api.vault.secret("zendesk")).value()).isEqualTo("n3w-p4ss");
        assertThat(api.delete("/v1/secrets/zendesk").status()).isEqualTo(204);
        assertThat(api.delete("/v1/secrets/zendesk").status()).isEqualTo(404);
        assertThat(api.get("/v1/secrets/zendesk").status()).isEqualTo(404);
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            a   | {'value':''}           | value
            a   | {'value':12345678901}  | value
            a   | {'valeu':'x'}          | value valeu
            a   | {'value':'x','more':1} | more
            a   | []                     | ``
            1a  | {'value':'x'}          | name
            a.b | {'value':'x'}          | name
            """)
    void whatIsNoSecretIsRefusedWithEveryProblem(String name, String body, String fields) {
        var refused = api.put("/v1/secrets/" + name, body);

        assertThat(refused.status()).isEqualTo(422);
        assertThat(String.join(" ", refused.fields())).isEqualTo(fields);
        assertThat(refused.response().body()).doesNotContain("12345678901");
        assertThat(api.vault.secrets()).isEmpty();
    }

    @Test
    void aSnippetIsReadBackAsItWasWrittenAndCanBeSentAgain() {
        var created = api.put("/v1/snippets/footer", "{'value':'Bye {{ customer.name }}'}");
        var read = api.get("/v1/snippets/footer");

        assertThat(created.status()).isEqualTo(201);
        assertThat(read.body().path("value").asText()).isEqualTo("Bye {{ customer.name }}");
        assertThat(api.put("/v1/snippets/footer", read.response().body()).status())
                .isEqualTo(200);
        assertThat(api.get("/v1/snippets").body().path("snippets").findValuesAsText("name"))
                .containsExactly("footer");
        assertThat(api.delete("/v1/snippets/footer").status()).isEqualTo(204);
        assertThat(api.get("/v1/snippets/footer").status()).isEqualTo(404);
    }

    @Test
    void aSnippetIsCheckedAsTemplatesAre() {
        var refused = api.put("/v1/snippets/footer", "{'value':'Bye\\n{{ customer.name | nosuch }}'}");

        JsonNode error = refused.body().path("errors").path(0);
        assertThat(refused.status()).isEqualTo(422);
        assertThat(error.path("field").asText()).isEqualTo("value");
        assertThat(error.path("line").asInt()).isEqualTo(2);
        assertThat(error.path("message").asText()).contains("nosuch");
        assertThat(api.vault.snippets()).isEmpty();
    }

    @Test
    void aSnippetHasAtMostSixteenKibibytes() {
        assertThat(api.put("/v1/snippets/big", "{'value':'" + "x".repeat(16_384) + "'}")
                        .status())
                .isEqualTo(201);
        assertThat(api.put("/v1/snippets/big", "{'value':'" + "x".repeat(16_385) + "'}")
                        .fields())
                .containsExactly("value");
        assertThat(api.put("/v1/snippets/big", "{'value':'" + "ü".repeat(8_193) + "'}")
                        .fields())
                .containsExactly("value");
    }

    @Test
    void templatesUseSecretsAndSnippetsAndAnUnknownOneIsNamed() {
        api.put("/v1/secrets/token", "{'value':'s3cret-t0ken'}");
        api.put("/v1/snippets/hi", "{'value':'Hi {{ customer.name }}'}");

        var shown = api.post("/v1/preview", """
                {'data':{'customer':{'name':'Zoe'}},'action':{'url':'https://h.example/',
                 'headers':[{'name':'X-Plain','value':'{{ secrets.token }}'}],'body':'{{ snippets.hi }}'}}""");
        var unknown = api.post("/v1/preview", """
                {'action':{'url':'https://h.example/','body':'{{ secrets.nope }}'}}""");

        assertThat(shown.body().path("request").path("body").asText()).isEqualTo("Hi Zoe");
        assertThat(unknown.response().body()).contains("Variable 'secrets.nope' is missing");
    }

    @Test
    void noProblemRepeatsASecret() {
        api.put("/v1/secrets/token", "{'value':'s3cret-t0ken'}");

        var missing = api.get("/v1/actions/s3cret-t0ken");
        var invalid = api.post("/v1/preview", "{'action':{'url':'https://h.example/','s3cret-t0ken':1},'data':{}}");

        assertThat(missing.body().path("detail").asText()).isEqualTo("action *** does not exist");
        assertThat(invalid.fields()).containsExactly("action.***");
        assertThat(invalid.response().body()).doesNotContain("s3cret-t0ken");
    }

    @Test
    void aNameThatDoesNotExistIsWarnedOfWhereItStandsUntilItDoes() {
        JsonNode warnings = api.put("/v1/actions/a", """
                        {'url':'https://h.example/{{ secrets.nope }}','headers':[],'body':'a\\n{% if snippets.gone %}x{% endif %}'}""").body().path("warnings");
        api.put("/v1/secrets/nope", "{'value':'there'}");
        JsonNode after = api.get("/v1/actions/a").body().path("warnings");

        assertThat(warnings.findValuesAsText("message"))
                .contains("there is no secret nope: deliveries fail until there is")
                .contains("there is no snippet gone: deliveries fail until there is");
        assertThat(warnings.path(0).path("column").asInt()).isEqualTo(22);
        assertThat(warnings.path(1).path("line").asInt()).isEqualTo(2);
        assertThat(after.findValuesAsText("message")).noneMatch(message -> message.contains("nope"));
        assertThat(api.put("/v1/snippets/s", "{'value':'{{ secrets.away }}'}")
                        .body()
                        .path("warnings")
                        .findValuesAsText("message"))
                .containsExactly("there is no secret away: deliveries fail until there is");
    }

    @Test
    void aSecretDoesNotBecomeAnAttribute() {
        var refused = api.put("/v1/actions/a", """
                {'url':'https://h.example/','response_attributes':[{'attribute':'x','template':'{{ secrets.zendesk }}'}]}""");

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.fields()).containsExactly("response_attributes[0].template");
    }

    @Test
    void aSecretThatSomebodyEnqueuedByMistakeIsHiddenInQuarantine() {
        api.put("/v1/secrets/token", "{'value':'s3cret-t0ken'}");
        api.connections.admin().send(CommandType.XADD, "posthaste:{0}:inbox", "*", "v", "1", "token", "x-s3cret-t0ken");
        api.queue().claim(1).block();

        var shown = api.get("/v1/quarantine");

        assertThat(shown.response().body()).contains("x-***").doesNotContain("s3cret");
    }

    @Test
    void theConfiguredKeysAreCurrentUntilOneIsMade() {
        JsonNode keys = api.get("/v1/signing-keys").body().path("signing_keys");

        assertThat(keys.findValuesAsText("id")).containsExactly("initial-action", "initial-reporting");
        assertThat(keys.findValuesAsText("state")).containsOnly("current");
        assertThat(api.delete("/v1/signing-keys/initial-action").status()).isEqualTo(409);
    }

    @Test
    void aKeyIsShownOnceWhenItIsMadeAndTheOneBeforeSignsForItsGraceTime() {
        var made = api.post("/v1/signing-keys/rotate", "{'kind':'action'}");
        var listed = api.get("/v1/signing-keys");

        String id = made.body().path("id").asText();
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.body().path("key").asText()).startsWith("whsec_");
        assertThat(listed.response().body())
                .contains(id)
                .doesNotContain(made.body().path("key").asText());
        JsonNode initial = key(listed, "initial-action");
        assertThat(initial.path("state").asText()).isEqualTo("replaced");
        assertThat(initial.path("signs_until").asLong())
                .isEqualTo(made.body().path("created_at").asLong() + 3_600_000);
        assertThat(key(listed, "initial-reporting").path("state").asText()).isEqualTo("current");
    }

    @Test
    void aReplacedKeyIsRevokedAndTheCurrentOneIsNot() {
        String first = made("{'kind':'reporting'}");
        String second = made("{'kind':'reporting'}");

        assertThat(api.delete("/v1/signing-keys/" + second).status()).isEqualTo(409);
        assertThat(api.delete("/v1/signing-keys/" + first).status()).isEqualTo(204);
        assertThat(api.delete("/v1/signing-keys/" + first).status()).isEqualTo(404);
    }

    @Test
    void anUnknownKindIsRefusedAndNoneMeansAction() {
        assertThat(api.post("/v1/signing-keys/rotate", "{'kind':'other'}").fields())
                .containsExactly("kind");
        assertThat(api.post("/v1/signing-keys/rotate", "").body().path("kind").asText())
                .isEqualTo("action");
    }

    private static String made(String body) {
        return api.post("/v1/signing-keys/rotate", body).body().path("id").asText();
    }

    private static JsonNode key(ApiCalls.Said listed, String id) {
        for (JsonNode key : listed.body().path("signing_keys")) {
            if (key.path("id").asText().equals(id)) {
                return key;
            }
        }
        throw new AssertionError("no key " + id);
    }
}
