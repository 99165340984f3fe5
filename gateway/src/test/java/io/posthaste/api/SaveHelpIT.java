package io.posthaste.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person is told when they save an action, clause by clause: errors refuse, warnings do not. */
class SaveHelpIT {
    @AutoClose
    private static final RunningApi api = new RunningApi();

    @BeforeEach
    void secondsLater() {
        api.nanos.addAndGet(10_000_000_000L);
    }

    /** An empty place means the field as a whole. */
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '→', quoteCharacter = '`', textBlock = """
            M4  → {'url':U,'method':'HEAD'}                                        → error   → method           →     → is 'HEAD' → one of GET, POST, PUT
            M10 → {'url':'https://agent@acme.com/token:T@acme.zendesk.com/'}       → error   → url              →     → path contains ':' followed by '@'; write %2F → an address such as
            M11 → {'url':'https://u:p@h.example/','headers':[H('Authorization','x')]} → warning → url           →     → the Authorization header is sent → keep one of the two
            M12 → {'url':'ftp://h.example/'}                                       → error   → url              →     → must begin with http:// or https:// → an address such as
            M12 → {'url':'https://h.example/a b'}                                  → error   → url              →     → contains → an address such as
            M13 → {'url':'https://{{customer.host}}/'}                             → warning → url              →     → data decides where the request goes → write scheme, host and port out
            M13 → {'url':'https://h.example:{{customer.port}}/'}                   → warning → url              →     → data decides where the request goes → write scheme, host and port out
            M19 → {'url':U,'headers':[H('X Y','a')]}                               → error   → headers[0].name  →     → no whitespace → another name
            M19 → {'url':U,'headers':[H('X-Y','é')]}                               → error   → headers[0].value →     → not ASCII → printable ASCII
            M19 → {'url':U,'headers':[H('Content-Type','a/b'),H('content-type','a/b')]} → error → headers      →     → may appear only once → fewer or other headers
            M20 → {'url':U,'headers':[H('Content-Length','1')]}                    → error   → headers[0].name  →     → is set by the gateway → another name
            M20 → {'url':U,'headers':[H('x-cio-signature','1')]}                   → error   → headers[0].name  →     → is set by the gateway → another name
            M20 → {'url':U,'headers':[H('Proxy-Authorization','1')]}               → error   → headers[0].name  →     → is set by the gateway → another name
            M21 → {'url':U,'headers':[H('Content-Type','x-www-form-urlencoded')]}  → warning → headers[0].value →     → is not a media type → stored as application/x-www-form-urlencoded
            M21 → {'url':U,'strict_bytes':true,'headers':[H('Content-Type','x-www-form-urlencoded')]} → warning → headers[0].value → → is not a media type → sent as it stands
            M31 → {'url':U,'body':'{\\n \\"id\\": {{customer.id}},\\n}'}           → error   → body             →     → invalid JSON at line 3 column 1 of the result → allow=invalid-json
            M32 → {'url':U,'headers':[H('Content-Type','application/x-www-form-urlencoded')],'body':'id=1\\n&email={{customer.email}}'} → warning → body → 2:8 → is not encoded for a form body → url_encode
            M39 → {'url':U,'body':'{\\"all\\": {{ customer | to_json }} }'}        → warning → body             → 1:9 → every attribute of the person → name the attributes
            M40 → {'url':U,'body':'{% if a %}x'}                                   → error   → body             → 1:1 → if tag was never closed → add {% endif %}
            M40 → {'url':'https://h.example/{{ a | nope }}'}                       → error   → url              → 1:26 → undefined filter: nope →
            M40 → {'url':U,'headers':[H('X','{% coyotes %}')]}                     → error   → headers[0].value → 1:1 → Unknown tag 'coyotes' →
            M41 → {'url':U,'body':'[\\n\\"{{customer.firstName\\"}} x\\"]'}        → error   → body             → 2:22 → unexpected '"' after customer.firstName → write {{customer.firstName}}
            M41 → {'url':U,'body':'{{}}'}                                          → error   → body             → 1:1 → an output without a variable →
            M76 → {'url':U,'response_attributes':[{'attribute':'cio_id','template':'{{response.id}}'}]} → error → response_attributes[0].attribute → → is reserved → a name of your own
            """)
    void eachClauseSaysWhatIsWrongWhereAndWhatToDo(
            String clause, String definition, String kind, String field, String place, String message, String fix) {
        var said = api.put("/v1/actions/helped", spelledOut(definition));

        boolean refused = kind.equals("error");
        assertThat(said.status()).as("%s", said.body()).isIn(refused ? List.of(422) : List.of(200, 201));
        JsonNode finding = said.body().path(refused ? "errors" : "warnings").path(0);
        assertThat(finding.path("field").asText()).isEqualTo(field);
        assertThat(
                        finding.has("line")
                                ? finding.path("line").asText() + ":"
                                        + finding.path("column").asText()
                                : null)
                .isEqualTo(place);
        assertThat(finding.path("message").asText()).contains(message);
        assertThat(finding.path("fix").asText()).isNotEmpty().contains(fix == null ? "" : fix);
    }

    /** {@code U} is an address, {@code H(name,value)} a header. */
    private static String spelledOut(String definition) {
        return definition
                .replace("'url':U", "'url':'https://h.example/'")
                .replaceAll("H\\(('[^']*'),('[^']*')\\)", "{'name':$1,'value':$2}");
    }

    @Test
    void theTwoStrayQuotesOfTheTicketAreBothFound() {
        String body = "{\n  \"ticket\": {\n    \"subject\": \"x\",\n    \"comment\": {},\n"
                + "        \"requester\": { \"name\":\"{{customer.firstName\"}} {{customer.lastName\"}},"
                + "\"email\":\"{{customer.email}}\" }\n  }\n}";
        var definition = new ObjectMapper()
                .createObjectNode()
                .put("url", "https://h.example/")
                .put("body", body);

        var said = api.put("/v1/actions/ticket", definition.toString());

        assertThat(said.body().path("errors").findValuesAsText("column")).containsExactly("52", "75");
        assertThat(said.body().path("errors").findValuesAsText("line")).containsExactly("5", "5");
    }

    @Test
    void aBodyThatOnlyRealDataMakeJsonIsSavedWhenSomebodySaysSo() {
        String definition = "{'url':'https://h.example/','body':'{ {{ event.members }} }'}";

        assertThat(api.put("/v1/actions/fragment", definition).status()).isEqualTo(422);
        assertThat(api.get("/v1/actions/fragment").status()).isEqualTo(404);
        var saved = api.put("/v1/actions/fragment?allow=invalid-json", definition);
        assertThat(saved.status()).isEqualTo(201);
        assertThat(saved.body().at("/warnings/0/message").asText()).contains("invalid JSON at line 1");
        assertThat(api.put("/v1/actions/fragment?allow=anything", definition).status())
                .isEqualTo(400);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "{\"a\": {{ customer.a }}, \"b\": \"{{ customer.b | split: ' ' | first }}\"}",
                "{{ event.payload }}",
                "[{% for i in event.items %}{{ i.id | to_json }}{% unless forloop.last %},{% endunless %}{% endfor %}]",
                "{% if customer.vip == 'yes' %}{\"vip\": true}{% endif %}",
                "{\"when\": \"{{ 'now' | date: '%F' }}\", \"key\": \"{{ delivery.idempotency_key }}\"}",
                "{\"token\": \"{{ secrets.token }}\", \"n\": {{ customer.tags | size }}}",
                "{{ customer | replace: '=>', ':' }}",
                "{\"u\": {{ customer.name | upcase | append: '!' | to_json }}}",
                "{\"city\": \"{{ customer.address.city }}\", \"first\": {{ event.items[0].id }}}",
            })
    void whatCanBecomeJsonIsNotDoubted(String body) {
        var definition = new ObjectMapper()
                .createObjectNode()
                .put("url", "https://h.example/")
                .put("body", body);

        assertThat(api.put("/v1/actions/doubted", sent(definition)).status()).isIn(200, 201);
    }

    /** {@link RunningApi} takes a single quote for a double one. */
    private static String sent(ObjectNode definition) {
        return definition.toString().replace("'", "\\u0027");
    }

    @Test
    void strictBytesIsKept() {
        api.put("/v1/actions/strict", """
                {'url':'https://h.example/','strict_bytes':true,
                 'headers':[{'name':'Content-Type','value':'x-www-form-urlencoded'}]}""");

        assertThat(api.get("/v1/actions/strict").body().at("/headers/0/value").asText())
                .isEqualTo("x-www-form-urlencoded");
    }

    static Stream<JsonNode> recipes() throws IOException {
        try (InputStream file = Objects.requireNonNull(SaveHelpIT.class.getResourceAsStream("/recipes.json"))) {
            List<JsonNode> recipes = new ArrayList<>();
            new ObjectMapper().readTree(file).path("recipes").forEach(recipes::add);
            return recipes.stream();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("recipes")
    void everyRecipeIsSaved(JsonNode recipe) {
        ObjectNode definition = new ObjectMapper().createObjectNode();
        definition.set("url", recipe.path("url"));
        definition.set("body", recipe.path("body"));
        ArrayNode headers = definition.putArray("headers");
        recipe.path("headers")
                .properties()
                .forEach(header -> headers.addObject()
                        .put("name", header.getKey())
                        .put("value", header.getValue().asText()));

        var said = api.put("/v1/actions/recipe", sent(definition));

        assertThat(said.status()).as("%s", said.body()).isIn(200, 201);
    }
}
