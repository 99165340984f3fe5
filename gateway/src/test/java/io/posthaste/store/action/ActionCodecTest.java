package io.posthaste.store.action;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.posthaste.action.Action;
import io.posthaste.action.Action.Signature;
import io.posthaste.action.LaneLimits;
import io.posthaste.action.RetryPolicy;
import io.posthaste.action.SecretUse;
import io.posthaste.job.Header;
import io.posthaste.json.MalformedJson;
import io.posthaste.json.Problem;
import io.posthaste.json.StrictJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ActionCodecTest {
    private static final StrictJson JSON = new StrictJson();
    private final ActionCodec codec = new ActionCodec();

    @Test
    void whatIsLeftOutHasTheDocumentedDefault() {
        Action action = read("{'url':'https://api.example/'}").valid();

        assertThat(action)
                .isEqualTo(new Action(
                        "a",
                        "",
                        new Action.Revision(0, 0, 0),
                        new Action.Request(
                                "POST",
                                "https://api.example/",
                                List.of(new Header("Content-Type", "application/json")),
                                "",
                                Action.OnMissing.FAIL,
                                Action.Escaping.NONE,
                                false),
                        new Action.Rules(Action.Sending.AUTOMATIC, RetryPolicy.STANDARD, LaneLimits.DEFAULT),
                        new Action.Answers(List.of(), false),
                        new Action.Trust(SecretUse.LITERAL_HOST, List.of(Signature.CIO))));
    }

    @ParameterizedTest
    @CsvSource({
        "x-www-form-urlencoded,                    application/x-www-form-urlencoded",
        "X-WWW-Form-Urlencoded,                    application/X-WWW-Form-Urlencoded",
        "x-www-form-urlencoded; charset=utf-8,     application/x-www-form-urlencoded; charset=utf-8",
        "x-www-form-urlencoded;charset=utf-8,      application/x-www-form-urlencoded;charset=utf-8",
        "application/x-www-form-urlencoded,        application/x-www-form-urlencoded",
        "x-www-form-urlencoded2,                   x-www-form-urlencoded2",
        "application/json,                         application/json",
        "text/xml,                                 text/xml",
        "anything at all,                          anything at all",
    })
    void theShortFormTypeIsSpelledOutUnlessBytesAreStrict(String given, String stored) {
        String definition = "{'url':'u','strict_bytes':%s,'headers':[{'name':'Content-Type','value':'" + given + "'}]}";

        assertThat(read(definition.formatted("false"))
                        .valid()
                        .headers()
                        .getFirst()
                        .value())
                .isEqualTo(stored);
        assertThat(read(definition.formatted("true"))
                        .valid()
                        .headers()
                        .getFirst()
                        .value())
                .isEqualTo(given);
    }

    @Test
    void anEmptyListOfHeadersMeansNone() {
        assertThat(read("{'url':'https://api.example/','headers':[]}").valid().headers())
                .isEmpty();
    }

    @Test
    void everyFieldIsRead() {
        Action action = read("""
                {'name':'N','method':'patch','url':'https://h/','headers':[{'name':'A','value':'1'},{'name':'a','value':'2'}],
                 'body':'{{ customer.id }}','sending':'draft','response_attributes':[{'attribute':'t','template':'{{response.id}}'}],
                 'allow_conversions':true,'on_missing':'empty','escape':'json',
                 'retry':{'timeout_ms':500,'delays_ms':[0,100],'statuses':[408,'5xx']},
                 'limits':{'max_in_flight':7,'max_per_second':0.5},'signatures':['standard-webhooks','cio']}""").valid();

        assertThat(action.method()).isEqualTo("PATCH");
        assertThat(action.headers()).containsExactly(new Header("A", "1"), new Header("a", "2"));
        assertThat(action.sending()).isEqualTo(Action.Sending.DRAFT);
        assertThat(action.responseAttributes()).containsExactly(new Action.ResponseAttribute("t", "{{response.id}}"));
        assertThat(action.allowConversions()).isTrue();
        assertThat(action.onMissing()).isEqualTo(Action.OnMissing.EMPTY);
        assertThat(action.escape()).isEqualTo(Action.Escaping.JSON);
        assertThat(action.retry())
                .isEqualTo(new RetryPolicy(
                        "explicit",
                        Duration.ofMillis(500),
                        List.of(Duration.ZERO, Duration.ofMillis(100)),
                        List.of("408", "5xx")));
        assertThat(action.limits()).isEqualTo(new LaneLimits(7, 0.5));
        assertThat(action.signatures()).containsExactly(Signature.STANDARD_WEBHOOKS, Signature.CIO);
    }

    @ParameterizedTest(name = "{0} is a problem of {1}")
    @CsvSource(delimiter = '|', textBlock = """
            {}                                                     | url
            {'url':null}                                           | url
            {'url':7}                                              | url
            {'url':'\\ud83d'}                                      | url
            {'url':'u','nme':'x'}                                  | nme
            {'url':'u','Name':'x'}                                 | Name
            {'url':'u','id':'b'}                                   | id
            {'url':'u','name':null}                                | name
            {'url':'u','method':'HEAD'}                            | method
            {'url':'u','method':'TRACE'}                           | method
            {'url':'u','method':['POST']}                          | method
            {'url':'u','headers':{'A':'1'}}                        | headers
            {'url':'u','headers':null}                             | headers
            {'url':'u','headers':['A: 1']}                         | headers[0]
            {'url':'u','headers':[{'name':'A'}]}                   | headers[0].value
            {'url':'u','headers':[{'name':'A','value':1}]}         | headers[0].value
            {'url':'u','headers':[{'name':'A','value':'','x':1}]}  | headers[0].x
            {'url':'u','body':{}}                                  | body
            {'url':'u','sending':'Automatic'}                      | sending
            {'url':'u','sending':true}                             | sending
            {'url':'u','allow_conversions':'true'}                 | allow_conversions
            {'url':'u','allow_conversions':1}                      | allow_conversions
            {'url':'u','on_missing':'ignore'}                      | on_missing
            {'url':'u','escape':'html'}                            | escape
            {'url':'u','retry':'standard'}                         | retry
            {'url':'u','retry':{'policy':'fast'}}                  | retry.policy
            {'url':'u','retry':{'policy':'brisk','timeout_ms':5}}  | retry.policy,retry.delays_ms
            {'url':'u','retry':{'timeout_ms':5}}                   | retry.delays_ms
            {'url':'u','retry':{'policy':'explicit'}}              | retry.delays_ms
            {'url':'u','retry':{'delays_ms':[],'timeout_ms':0}}    | retry.timeout_ms
            {'url':'u','retry':{'delays_ms':[],'timeout_ms':60001}}| retry.timeout_ms
            {'url':'u','retry':{'delays_ms':[],'timeout_ms':1.5}}  | retry.timeout_ms
            {'url':'u','retry':{'delays_ms':[-1,1e3,'1']}}         | retry.delays_ms[0],retry.delays_ms[1],retry.delays_ms[2]
            {'url':'u','retry':{'delays_ms':[],'statuses':[200]}}  | retry.statuses[0]
            {'url':'u','retry':{'delays_ms':[],'statuses':['6xx']}}| retry.statuses[0]
            {'url':'u','retry':{'retries':3}}                      | retry.retries
            {'url':'u','limits':{'max_in_flight':0}}               | limits.max_in_flight
            {'url':'u','limits':{'max_in_flight':'9'}}             | limits.max_in_flight
            {'url':'u','limits':{'max_per_second':0}}              | limits.max_per_second
            {'url':'u','limits':{'max_rps':1}}                     | limits.max_rps
            {'url':'u','signatures':[]}                            | signatures
            {'url':'u','signatures':['cio','cio']}                 | signatures
            {'url':'u','signatures':['v0']}                        | signatures[0],signatures
            {'url':'u','response_attributes':[{'attribute':'id','template':''}]}     | response_attributes[0].attribute
            {'url':'u','response_attributes':[{'attribute':'cio_id','template':''}]} | response_attributes[0].attribute
            {'url':'u','response_attributes':[{'attribute':'_x','template':''}]}     | response_attributes[0].attribute
            {'url':'u','response_attributes':[{'attribute':'t'}]}                    | response_attributes[0].template
            []                                                     | <all>
            """)
    void aProblemNamesItsField(String definition, String fields) {
        assertThat(read(definition).problems())
                .extracting(problem -> problem.field().isEmpty() ? "<all>" : problem.field())
                .containsExactlyInAnyOrder(fields.split(","));
    }

    @Test
    void everyProblemIsListedAtOnce() {
        var reading = read("{'method':'GO','headers':[{'name':1,'value':'v'}],'sending':'now','colour':'red'}");

        assertThat(reading.problems())
                .extracting(Problem::field)
                .containsExactlyInAnyOrder("method", "url", "headers[0].name", "sending", "colour");
        assertThatThrownBy(reading::valid).isInstanceOf(InvalidAction.class).hasMessageContaining("action a");
    }

    @Test
    void moreHeadersThanSixtyFourAreRefused() {
        String header = "{'name':'A','value':'1'}";
        String many = String.join(",", Collections.nCopies(65, header));

        assertThat(read("{'url':'u','headers':[" + many + "]}").problems())
                .extracting(Problem::field, Problem::fix)
                .containsExactly(Tuple.tuple("headers", "give a list of at most 64 elements"));
    }

    @Test
    void theBareFormTypeIsCompletedAndSaidSo() {
        var reading = read("{'url':'u','headers':[{'name':'content-type','value':'x-www-form-urlencoded'}]}");

        assertThat(reading.valid().headers())
                .containsExactly(new Header("content-type", "application/x-www-form-urlencoded"));
        assertThat(reading.warnings()).extracting(Problem::field).containsExactly("headers[0].value");
    }

    @Test
    void settingTheAddressOfAPersonIsPointedOut() {
        var reading = read("{'url':'u','response_attributes':[{'attribute':'email','template':'{{response.e}}'}]}");

        assertThat(reading.problems()).isEmpty();
        assertThat(reading.warnings()).extracting(Problem::field).containsExactly("response_attributes[0].attribute");
    }

    @ParameterizedTest
    @MethodSource("definitions")
    void whatIsWrittenReadsBackEqual(String definition) {
        Action action = codec.read("a", JSON.read(definition)).valid();

        JsonNode written = JSON.read(codec.write(action).toString());

        assertThat(codec.read("a", written).valid()).isEqualTo(action);
    }

    static List<String> definitions() throws IOException {
        List<String> definitions = new ArrayList<>();
        definitions.add("{'url':'u'}".replace('\'', '"'));
        definitions.add("{'url':'u','headers':[],'signatures':['standard-webhooks']}".replace('\'', '"'));
        definitions.add("{'url':'u','retry':{'delays_ms':[1],'statuses':[409,'4xx']}}".replace('\'', '"'));
        definitions.add("{'url':'u','retry':{'policy':'brisk'},'limits':{'max_per_second':2}}".replace('\'', '"'));
        try (InputStream in = ActionCodecTest.class.getResourceAsStream("/recipes.json")) {
            for (JsonNode recipe : JSON.read(in.readAllBytes()).get("recipes")) {
                definitions.add(definition(recipe));
            }
        }
        return definitions;
    }

    private static String definition(JsonNode recipe) {
        var out = JsonNodeFactory.instance.objectNode();
        out.set("method", recipe.get("method"));
        out.set("url", recipe.get("url"));
        out.set("body", recipe.get("body"));
        var headers = out.putArray("headers");
        for (Map.Entry<String, JsonNode> header : recipe.get("headers").properties()) {
            headers.addObject()
                    .put("name", header.getKey())
                    .put("value", header.getValue().asText());
        }
        return out.toString();
    }

    @Test
    void anInlineActionIsReadLikeAStoredOne() {
        byte[] good = "{\"url\":\"https://h/\"}".getBytes(StandardCharsets.UTF_8);
        byte[] bad = "{\"url\":\"https://h/\",\"methd\":\"POST\"}".getBytes(StandardCharsets.UTF_8);

        assertThat(codec.inline("lane", good).id()).isEqualTo("lane");
        assertThatThrownBy(() -> codec.inline("lane", bad))
                .isInstanceOf(InvalidAction.class)
                .hasMessageContaining("methd");
        assertThatThrownBy(() -> codec.inline("lane", new byte[] {'{'})).isInstanceOf(MalformedJson.class);
    }

    @Test
    void anAnswerCanBeSentBackAsADefinition() {
        assertThat(read("{'id':'a','version':3,'created_at':1,'updated_at':2,'warnings':[],'url':'u'}")
                        .problems())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"a,true", "A.b-c_9,true", "'',false", "a b,false", "é,false", "a/b,false", "{0},false"})
    void idsAreOfAFewCharacters(String id, boolean valid) {
        assertThat(ActionCodec.isId(id)).isEqualTo(valid);
        assertThat(ActionCodec.isId("x".repeat(65))).isFalse();
    }

    /** Single quotes stand for double ones, so that tables can be read. */
    private ActionReading read(String definition) {
        return codec.read("a", JSON.read(definition.replace('\'', '"')));
    }
}
