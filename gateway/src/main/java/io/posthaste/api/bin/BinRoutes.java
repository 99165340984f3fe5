package io.posthaste.api.bin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.posthaste.api.bin.RequestBin.Recorded;
import io.posthaste.api.bin.RequestBin.Script;
import io.posthaste.http.Access;
import io.posthaste.http.ApiProblem;
import io.posthaste.http.Call;
import io.posthaste.http.Response;
import io.posthaste.http.Route;
import io.posthaste.job.Header;
import io.posthaste.json.Fields;
import io.posthaste.json.MalformedJson;
import io.posthaste.json.Problem;
import io.posthaste.json.StrictJson;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** The request bin over HTTP: {@code /bin/{name}} is the receiver, open to all; {@code /v1/bins/{name}} looks and tells. */
public final class BinRoutes {
    private static final String ONE = "/v1/bins/{name}";
    private static final int MAX_DELAY_MILLIS = 60_000;
    private static final int MAX_BODY = 64 * 1024;
    private static final int MAX_ANSWERS = 100;

    /** What the server itself writes. */
    private static final Set<String> SERVERS_OWN =
            Set.of("content-length", "transfer-encoding", "connection", "keep-alive", "upgrade", "trailer", "date");

    private final RequestBin bin;
    private final InstantSource clock;
    private final Scheduler timer;
    private final StrictJson json = new StrictJson();

    public BinRoutes(RequestBin bin, InstantSource clock, Scheduler timer) {
        this.bin = bin;
        this.clock = clock;
        this.timer = timer;
    }

    public List<Route> routes() {
        Stream<Route> receiving = Stream.of("GET", "POST", "PUT", "PATCH", "DELETE")
                .map(method -> Route.of(method, "/bin/{name}", Access.OPEN, this::receive));
        Stream<Route> managing = Stream.of(
                Route.of("GET", ONE, Access.READ, this::list),
                Route.of("PUT", ONE, Access.OPERATE, this::script),
                Route.of("DELETE", ONE, Access.OPERATE, this::clear));
        return Stream.concat(receiving, managing).toList();
    }

    private Mono<Response> receive(Call call) {
        Script script = bin.record(new Recorded(
                call.path("name"),
                clock.millis(),
                call.line().method(),
                call.line().target(),
                call.headers(),
                call.body()));
        // A scripted page is on the dashboard's own address: it gets no origin, so it reads nothing of the dashboard.
        Response answer = new Response(script.status(), "", script.headers(), script.bytes())
                .with("Content-Security-Policy", "sandbox; default-src 'none'");
        return script.delayMillis() == 0
                ? Mono.just(answer)
                : Mono.just(answer).delayElement(Duration.ofMillis(script.delayMillis()), timer);
    }

    private Mono<Response> list(Call call) {
        ObjectNode body = view(call.path("name"), bin.answers(call.path("name")));
        ArrayNode requests = body.putArray("requests");
        bin.recorded(call.path("name")).forEach(request -> requests.add(view(request)));
        return Mono.just(Response.ok(body));
    }

    private Mono<Response> script(Call call) {
        List<Script> answers = read(json.read(call.body()));
        if (!bin.answer(call.path("name"), answers)) {
            throw new ApiProblem(ApiProblem.Kind.CONFLICT, "there are 100 scripted bins; delete one first");
        }
        return Mono.just(Response.ok(view(call.path("name"), answers)));
    }

    private Mono<Response> clear(Call call) {
        bin.clear(call.path("name"));
        return Mono.just(Response.empty(204));
    }

    /** One answer for all requests, or {@code {"answers": [...]}}: one after the other, the last for all that follow. */
    private static List<Script> read(JsonNode node) {
        List<Problem> problems = new ArrayList<>();
        Fields fields = new Fields("", node, problems);
        List<Script> answers = fields.has("answers") ? inTurn(fields) : List.of(answer(fields));
        ApiProblem.throwIfAny(problems);
        return answers;
    }

    private static List<Script> inTurn(Fields fields) {
        List<Script> answers =
                fields.list("answers", List.of(), MAX_ANSWERS, (at, one) -> answer(fields.element(at, one)));
        if (answers.isEmpty() && fields.node("answers").isArray()) {
            fields.problem("answers", "is empty", "1 to " + MAX_ANSWERS + " answers");
        }
        fields.finish();
        return answers;
    }

    private static Script answer(Fields fields) {
        Script read = new Script(
                Objects.requireNonNullElse(fields.integer("status", 200, 200, 599), 200),
                fields.list("headers", Script.DEFAULT.headers(), 32, (at, one) -> header(fields.element(at, one))),
                fields.text("body", Script.DEFAULT.body(), MAX_BODY),
                Objects.requireNonNullElse(fields.integer("delay_ms", 0, 0, MAX_DELAY_MILLIS), 0));
        fields.finish();
        return read;
    }

    private static Header header(Fields fields) {
        String name = fields.text("name", null, 128);
        String value = fields.text("value", null, 4096);
        fields.finish();
        if (!name.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]*") || SERVERS_OWN.contains(name.toLowerCase(Locale.ROOT))) {
            fields.problem("name", "cannot be set here", "a header name the server does not write itself");
        }
        if (!value.matches("[\\x20-\\x7e\\t]*")) {
            fields.problem("value", "holds something else than printable ASCII", "no line breaks or other characters");
        }
        return new Header(name, value);
    }

    private static ObjectNode view(String name, List<Script> answers) {
        ObjectNode view = JsonNodeFactory.instance.objectNode().put("name", name);
        put(view.putObject("answer"), answers.getFirst());
        ArrayNode then = view.putArray("then");
        answers.stream().skip(1).forEach(script -> put(then.addObject(), script));
        return view;
    }

    private static void put(ObjectNode answer, Script script) {
        answer.put("status", script.status());
        put(answer.putArray("headers"), script.headers());
        answer.put("body", script.body()).put("delay_ms", script.delayMillis());
    }

    private static ObjectNode view(Recorded request) {
        ObjectNode view = JsonNodeFactory.instance.objectNode();
        view.put("at", request.atMillis()).put("method", request.method()).put("target", request.target());
        put(view.putArray("headers"), request.headers());
        try {
            view.put("body", StrictJson.text(request.body()));
        } catch (MalformedJson notText) {
            view.put("body_base64", Base64.getEncoder().encodeToString(request.body()));
        }
        return view;
    }

    private static void put(ArrayNode list, List<Header> headers) {
        headers.forEach(h -> list.addObject().put("name", h.name()).put("value", h.value()));
    }
}
