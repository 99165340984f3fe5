package io.posthaste.api.action;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.posthaste.action.Action;
import io.posthaste.api.delivery.DeliveryJson;
import io.posthaste.api.delivery.JobReader;
import io.posthaste.api.port.Backends;
import io.posthaste.api.port.Surroundings;
import io.posthaste.http.Access;
import io.posthaste.http.ApiProblem;
import io.posthaste.http.ApiProblem.Kind;
import io.posthaste.http.Call;
import io.posthaste.http.RateLimit;
import io.posthaste.http.Response;
import io.posthaste.http.Route;
import io.posthaste.job.Job;
import io.posthaste.json.Fields;
import io.posthaste.json.Problem;
import io.posthaste.json.RawFields;
import io.posthaste.json.StrictJson;
import io.posthaste.queue.browse.Deliveries.NewJob;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Shortcuts (M86): an action run by hand for one person, as a delivery like any other, attributed to whoever asked. */
public final class RunRoutes {
    private final Backends backends;
    private final DeliveryJson shown;
    private final Surroundings surroundings;
    private final RateLimit limit;
    private final StrictJson json = new StrictJson();
    private final RawFields raw = new RawFields(json, Set.of("customer"));

    /** What is asked for: the data a job for this person has, and who asks. */
    private record RunRequest(String data, @Nullable String by) {}

    public RunRoutes(Backends backends, DeliveryJson shown, Surroundings surroundings) {
        this.backends = backends;
        this.shown = shown;
        this.surroundings = surroundings;
        this.limit = new RateLimit(20, Duration.ofSeconds(4), surroundings.nanoTime());
    }

    public List<Route> routes() {
        return List.of(Route.of("POST", "/v1/actions/{id}/run", Access.OPERATE, this::run));
    }

    private Mono<Response> run(Call call) {
        limit.require("at most 5 runs a second; enqueue deliveries instead");
        RunRequest request = read(StrictJson.text(call.body()));
        return backends.action(call.path("id"))
                .doOnNext(RunRoutes::requireOn)
                .map(action -> job(action, request))
                .delayUntil(job -> backends.queue().deliveries().enqueue(List.of(job)))
                .map(job -> Response.json(
                        202, shown.queued(job, surroundings.clock().millis())));
    }

    private static void requireOn(Action action) {
        if (action.sending() == Action.Sending.OFF) {
            throw new ApiProblem(Kind.CONFLICT, "this action is off; nothing would be sent");
        }
    }

    /** A key of its own for each click (M24). */
    private NewJob job(Action action, RunRequest request) {
        String id = surroundings.ids().get();
        return new NewJob(
                id,
                new NewJob.Target(action.id(), null, null, null),
                request.data(),
                0,
                new NewJob.Handling(null, false, Job.Results.ALL, request.by(), null, null));
    }

    private RunRequest read(String document) {
        List<Problem> problems = new ArrayList<>();
        Fields fields = new Fields("", json.read(document), problems);
        String by = JobReader.by(fields);
        String data = data(fields, document);
        fields.finish();
        ApiProblem.throwIfAny(problems);
        return new RunRequest(data, by);
    }

    /** The context of a shortcut is the person alone. */
    private String data(Fields fields, String document) {
        JsonNode customer = fields.node("customer");
        if (fields.has("customer_id") == fields.has("customer")) {
            fields.ignore("customer_id");
            fields.problem("customer_id", "give either customer_id or customer", "exactly one of the two");
            return "";
        }
        if (fields.has("customer_id")) {
            String id = fields.text("customer_id", null, 256);
            return "{\"customer_id\":" + TextNode.valueOf(id) + "}";
        }
        fields.ignore("customer_id");
        if (!customer.isObject()) {
            fields.problem("customer", "is " + Fields.kind(customer), "give a JSON object");
            return "";
        }
        String person = raw.cut(document).getFirst().getOrDefault("customer", "{}");
        if (person.getBytes(StandardCharsets.UTF_8).length > JobReader.MAX_DATA_BYTES - 16) {
            fields.problem("customer", "is longer than 256 KiB", "at most " + JobReader.MAX_DATA_BYTES + " bytes");
        }
        return "{\"customer\":" + person + "}";
    }
}
