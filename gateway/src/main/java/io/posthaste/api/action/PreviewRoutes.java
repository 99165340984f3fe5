package io.posthaste.api.action;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.posthaste.action.Action;
import io.posthaste.api.check.Advice;
import io.posthaste.api.check.SaveCheck;
import io.posthaste.api.delivery.DeliveryJson;
import io.posthaste.api.port.Backends;
import io.posthaste.api.port.Surroundings;
import io.posthaste.http.Access;
import io.posthaste.http.ApiProblem;
import io.posthaste.http.Call;
import io.posthaste.http.RateLimit;
import io.posthaste.http.Response;
import io.posthaste.http.Route;
import io.posthaste.job.Job;
import io.posthaste.job.SecretValues;
import io.posthaste.json.Problem;
import io.posthaste.json.StrictJson;
import io.posthaste.render.Rendering;
import io.posthaste.store.action.ActionCodec;
import io.posthaste.store.action.ActionReading;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import reactor.core.publisher.Mono;

/** What an action would send, without sending it. */
public final class PreviewRoutes {
    /** The delivery id and key that templates see: nothing was ever sent under it (M25). */
    private static final String UNSENT = "unsent";

    private final Backends backends;
    private final SaveCheck check;
    private final DeliveryJson shown;
    private final Surroundings surroundings;
    private final RateLimit limit;
    private final StrictJson json = new StrictJson();
    private final ActionCodec codec = new ActionCodec();
    private final SampleData samples = new SampleData();

    public PreviewRoutes(Backends backends, SaveCheck check, DeliveryJson shown, Surroundings surroundings) {
        this.backends = backends;
        this.check = check;
        this.shown = shown;
        this.surroundings = surroundings;
        this.limit = new RateLimit(20, Duration.ofSeconds(4), surroundings.nanoTime());
    }

    public List<Route> routes() {
        return List.of(
                Route.of("POST", "/v1/preview", Access.READ, this::unsaved),
                Route.of("POST", "/v1/actions/{id}/preview", Access.READ, this::saved));
    }

    private Mono<Response> saved(Call call) {
        requireRoom();
        List<Problem> problems = new ArrayList<>();
        byte[] data = samples.data(call, Set.of("data"), problems);
        ApiProblem.throwIfAny(problems);
        return backends.action(call.path("id")).flatMap(action -> preview(action, data));
    }

    private Mono<Response> unsaved(Call call) {
        requireRoom();
        List<Problem> problems = new ArrayList<>();
        byte[] data = samples.data(call, Set.of("data", "action"), problems);
        ActionReading reading = codec.read("preview", json.read(call.body()).path("action"));
        check.problems(reading).forEach(problem -> problems.add(problem.under("action")));
        ApiProblem.throwIfAny(problems);
        return preview(reading.valid(), data);
    }

    /** Rendering is the dearest thing a reader can ask for (ADM-10). */
    private void requireRoom() {
        limit.require("at most 5 previews a second");
    }

    private Mono<Response> preview(Action action, byte[] data) {
        Job job = Job.of(UNSENT, action.id(), data, new Job.Terms(UNSENT, false, Job.Results.NONE, null), 0);
        return backends.trial()
                .previews()
                .render(action, job)
                .publishOn(surroundings.work())
                .map(rendering -> answer(action, rendering));
    }

    private Response answer(Action action, Rendering rendering) {
        return switch (rendering) {
            case Rendering.Rendered rendered -> Response.ok(view(action, rendered));
            case Rendering.Aborted aborted -> Response.ok(aborted(aborted.reason()));
            case Rendering.Broken broken ->
                throw ApiProblem.invalid(
                        List.of(Problem.of("", broken.reason(), "change the template, or the data it is given")));
            case Rendering.NeedsPerson needs -> throw new IllegalStateException("the renderer finds people itself");
        };
    }

    private ObjectNode view(Action action, Rendering.Rendered rendered) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.set("request", shown.of(rendered.request()));
        List<Problem> warnings = new ArrayList<>(Advice.on(action));
        String url = rendered.request().url();
        if (!url.contains(SecretValues.MASK)) {
            // Where a placeholder stands for a secret, nobody can tell.
            warnings.addAll(check.address("url", url));
        }
        body.set("warnings", ApiProblem.list(warnings));
        ArrayNode missing = body.putArray("missing");
        rendered.empties().forEach(missing::add);
        return body;
    }

    private static ObjectNode aborted(String reason) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putNull("request").put("aborted", reason);
        body.putArray("warnings");
        body.putArray("missing");
        return body;
    }
}
