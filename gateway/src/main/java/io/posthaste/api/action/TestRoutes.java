package io.posthaste.api.action;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.posthaste.action.Action;
import io.posthaste.api.delivery.DeliveryJson;
import io.posthaste.api.port.Backends;
import io.posthaste.api.port.Surroundings;
import io.posthaste.api.port.TestSender;
import io.posthaste.classify.ReplyClassifier;
import io.posthaste.http.Access;
import io.posthaste.http.ApiProblem;
import io.posthaste.http.Call;
import io.posthaste.http.RateLimit;
import io.posthaste.http.Response;
import io.posthaste.http.Route;
import io.posthaste.job.AttributeUpdate;
import io.posthaste.job.Header;
import io.posthaste.job.Job;
import io.posthaste.job.RenderedRequest;
import io.posthaste.job.Reply;
import io.posthaste.job.SecretValues;
import io.posthaste.json.Problem;
import io.posthaste.render.Rendering;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import reactor.core.publisher.Mono;

/**
 * Test requests (M87): rendered, signed and really sent, once. Nothing is kept, counted, set or sent again, and what
 * the receiver said is told whole, with what each response attribute would become.
 */
public final class TestRoutes {
    /** The delivery id that templates and receivers see: there is no such delivery (M25). */
    private static final String UNSENT = "unsent";

    /** For a template that cannot do with a placeholder what it does with the secret. */
    private static final RenderedRequest NOT_SHOWN =
            new RenderedRequest("", "not shown: it cannot be rendered without its secrets", List.of(), new byte[0]);

    private final Backends backends;
    private final DeliveryJson shown;
    private final Surroundings surroundings;
    private final RateLimit limit;
    private final SampleData samples = new SampleData();

    public TestRoutes(Backends backends, DeliveryJson shown, Surroundings surroundings) {
        this.backends = backends;
        this.shown = shown;
        this.surroundings = surroundings;
        this.limit = new RateLimit(20, Duration.ofSeconds(4), surroundings.nanoTime());
    }

    public List<Route> routes() {
        return List.of(Route.of("POST", "/v1/actions/{id}/test", Access.OPERATE, this::test));
    }

    private Mono<Response> test(Call call) {
        limit.require("at most 5 test requests a second");
        List<Problem> problems = new ArrayList<>();
        byte[] data = samples.data(call, Set.of("data"), problems);
        ApiProblem.throwIfAny(problems);
        return backends.action(call.path("id")).flatMap(action -> test(action, data));
    }

    private Mono<Response> test(Action action, byte[] data) {
        String key = surroundings.ids().get();
        Job job = Job.of(UNSENT, action.id(), data, new Job.Terms(key, false, Job.Results.NONE, null), 0);
        return backends.trial()
                .renderer()
                .render(action, job)
                .publishOn(surroundings.work())
                .flatMap(rendering -> test(action, job, rendering));
    }

    private Mono<Response> test(Action action, Job job, Rendering rendering) {
        return switch (rendering) {
            case Rendering.Rendered rendered -> send(action, job, rendered.request());
            case Rendering.Aborted aborted ->
                reason(action, job).map(reason -> Response.ok(aborted(reason, job.key())));
            case Rendering.Broken broken ->
                reason(action, job).map(reason -> {
                    throw ApiProblem.invalid(
                            List.of(Problem.of("", reason, "change the template, or the data it is given")));
                });
            case Rendering.NeedsPerson needs -> throw new IllegalStateException("the renderer finds people itself");
        };
    }

    /** Why nothing can be sent, as it is without secrets: a reason may be made of them, or tell of them by its branch. */
    private Mono<String> reason(Action action, Job job) {
        return backends.trial().previews().render(action, job).map(rendering -> switch (rendering) {
            case Rendering.Aborted aborted -> aborted.reason();
            case Rendering.Broken broken -> broken.reason();
            case Rendering.Rendered rendered -> "not shown: it depends on a secret";
            case Rendering.NeedsPerson needs -> throw new IllegalStateException("the renderer finds people itself");
        });
    }

    private Mono<Response> send(Action action, Job job, RenderedRequest request) {
        return backends.trial()
                .sender()
                .send(action, request, UNSENT, job.key())
                .flatMap(sent -> Mono.zip(shownAs(action, job, request), updates(action, job, sent.reply()))
                        .publishOn(surroundings.work())
                        .map(told -> view(sent, told.getT1(), told.getT2(), job.key())))
                .map(Response::ok);
    }

    /** What filters made of a secret cannot be found in a request any more: it is shown as rendered without them. */
    private Mono<RenderedRequest> shownAs(Action action, Job job, RenderedRequest sent) {
        if (sent.secrets().isEmpty()) {
            return Mono.just(sent);
        }
        return backends.trial()
                .previews()
                .render(action, job)
                .map(rendering -> rendering instanceof Rendering.Rendered rendered ? rendered.request() : NOT_SHOWN);
    }

    /** Only a success sets attributes (M68). */
    private Mono<Map<String, AttributeUpdate>> updates(Action action, Job job, Reply reply) {
        return reply instanceof Reply.Answered answered && ReplyClassifier.isSuccess(answered.status())
                ? backends.trial().answers().render(action, job, answered)
                : Mono.just(Map.of());
    }

    private static ObjectNode aborted(String reason, String key) {
        ObjectNode view = identified(key);
        view.putNull("request").putNull("response").putArray("attributes");
        return view.put("reason", reason);
    }

    private ObjectNode view(
            TestSender.Sent sent, RenderedRequest shownAs, Map<String, AttributeUpdate> updates, String key) {
        RenderedRequest request = sent.request().request();
        SecretValues secrets = shown.redaction().secretsOf(request);
        ObjectNode view = identified(key);
        ObjectNode sentAs = shown.of(shownAs);
        view.set("request", sentAs);
        put((ArrayNode) sentAs.path("headers"), sent.request().headers(), secrets);
        switch (sent.reply()) {
            case Reply.Answered answered -> {
                ObjectNode response = view.putObject("response").put("status", answered.status());
                put(response.putArray("headers"), answered.headers(), secrets);
                response.put("body", secrets.hide(new String(answered.body(), StandardCharsets.UTF_8)));
                response.put("truncated", answered.truncated()).put("duration_ms", answered.elapsedMillis());
                view.put("reason", "");
            }
            case Reply.NoAnswer none -> {
                view.putNull("response");
                view.put(
                        "reason",
                        secrets.hide(none.detail().isBlank() ? none.cause().name() : none.detail()));
            }
        }
        AttributeRows.put(view.putArray("attributes"), updates, secrets);
        return view;
    }

    private static ObjectNode identified(String key) {
        return JsonNodeFactory.instance.objectNode().put("delivery_id", UNSENT).put("idempotency_key", key);
    }

    private void put(ArrayNode list, List<Header> headers, SecretValues secrets) {
        headers.stream()
                .map(header -> header.name().endsWith("Signature")
                        ? header
                        : shown.redaction().masked(header))
                .forEach(h -> list.addObject().put("name", h.name()).put("value", secrets.hide(h.value())));
    }
}
