package io.posthaste.api.delivery;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.posthaste.api.port.Backends;
import io.posthaste.api.port.Surroundings;
import io.posthaste.http.Access;
import io.posthaste.http.ApiProblem;
import io.posthaste.http.ApiProblem.Kind;
import io.posthaste.http.Call;
import io.posthaste.http.Query;
import io.posthaste.http.Response;
import io.posthaste.http.Route;
import io.posthaste.job.Delivery;
import io.posthaste.job.DeliveryState;
import io.posthaste.job.SecretValues;
import io.posthaste.json.Fields;
import io.posthaste.json.Problem;
import io.posthaste.json.StrictJson;
import io.posthaste.queue.browse.Deliveries;
import io.posthaste.queue.upkeep.Operations;
import io.posthaste.store.action.ActionCodec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** What the API does with deliveries. */
public final class DeliveryRoutes {
    private static final String ALL = "/v1/deliveries";
    private static final String ONE = ALL + "/{id}";
    private static final Map<String, DeliveryState> STATES = Stream.of(DeliveryState.values())
            .collect(Collectors.toUnmodifiableMap(state -> state.name().toLowerCase(Locale.ROOT), state -> state));

    private final Deliveries deliveries;
    private final Operations operations;
    private final JobIntake intake;
    private final DeliveryJson shown;
    private final DeliveryExport export;
    private final Surroundings surroundings;
    private final Supplier<SecretValues> known;
    private final Scheduler work;
    private final StrictJson json = new StrictJson();

    /** @param known values that are shown to nobody */
    public DeliveryRoutes(
            Backends backends,
            JobReader jobs,
            DeliveryJson shown,
            Surroundings surroundings,
            Supplier<SecretValues> known) {
        this.deliveries = backends.queue().deliveries();
        this.operations = backends.queue().operations();
        this.shown = shown;
        this.surroundings = surroundings;
        this.known = known;
        // Pages are put together there: Redis' own thread has deliveries to serve.
        this.work = surroundings.work();
        this.intake = new JobIntake(backends, jobs, work);
        this.export = new DeliveryExport(deliveries, shown, work);
    }

    public List<Route> routes() {
        return List.of(
                Route.of("POST", ALL, Access.OPERATE, this::enqueue).inBulk().knowing(JobIntake.DURABLE),
                Route.of("POST", ALL + "/resend", Access.OPERATE, this::resendMany),
                Route.of("GET", ALL, Access.READ, this::list)
                        .knowing(
                                "state",
                                "action",
                                "since",
                                "reason",
                                "customer",
                                "key",
                                "host",
                                "format",
                                "limit",
                                "cursor"),
                Route.of("GET", ONE, Access.READ, this::read),
                Route.of("GET", ONE + "/data", Access.READ, this::data),
                Route.of("POST", ONE + "/cancel", Access.OPERATE, this::cancel),
                Route.of("POST", ONE + "/resend", Access.OPERATE, this::resend));
    }

    private Mono<Response> enqueue(Call call) {
        Flux<byte[]> lines = call.content().lines();
        return (lines == null ? intake.document(call) : intake.lines(call, lines)).map(DeliveryRoutes::accepted);
    }

    private static Response accepted(List<String> taken) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode ids = body.putArray("ids");
        taken.forEach(ids::add);
        return Response.json(202, body);
    }

    private Mono<Response> read(Call call) {
        return existing(call).publishOn(work).map(delivery -> Response.ok(shown.of(delivery)));
    }

    /** As the job brought them, the digits of numbers as they were written. */
    private Mono<Response> data(Call call) {
        return deliveries
                .job(call.path("id"))
                .publishOn(work)
                .map(job -> known.get().hide(new String(job.data(), StandardCharsets.UTF_8)))
                .map(data -> Response.text("application/json", data))
                .switchIfEmpty(existing(call)
                        .flatMap(ended -> conflict("its data are not kept: they are until a delivery is sent or"
                                + " cancelled; take the person, or one that waits, failed or is a draft")));
    }

    private Mono<Response> list(Call call) {
        Deliveries.Query query = query(call, state(call));
        String format = Query.choice(call, "format", "ndjson", "csv");
        if (format == null) {
            return page(query);
        }
        return Mono.just(format.equals("csv") ? export.table(query.wanted()) : export.lines(query.wanted()));
    }

    private Mono<Response> page(Deliveries.Query query) {
        return deliveries.list(query).publishOn(work).map(page -> Response.ok(shown.of("deliveries", page)));
    }

    private static @Nullable DeliveryState state(Call call) {
        String state = call.query().get("state");
        if (state != null && !STATES.containsKey(state)) {
            throw new ApiProblem(
                    Kind.BAD_REQUEST,
                    "state: one of " + STATES.keySet().stream().sorted().collect(Collectors.joining(", ")));
        }
        return state == null ? null : STATES.get(state);
    }

    static Deliveries.Query query(Call call, @Nullable DeliveryState state) {
        String action = call.query().get("action");
        if (action != null && !ActionCodec.isId(action)) {
            throw new ApiProblem(Kind.BAD_REQUEST, "action: give an action's id");
        }
        return new Deliveries.Query(
                new Deliveries.Wanted(
                        state,
                        action,
                        call.query().get("reason"),
                        Query.time(call, "since"),
                        call.query().get("customer"),
                        call.query().get("key"),
                        lowerCase(call.query().get("host"))),
                Query.cursor(call),
                Query.limit(call));
    }

    private static @Nullable String lowerCase(@Nullable String text) {
        return text == null ? null : text.toLowerCase(Locale.ROOT);
    }

    private Mono<Response> cancel(Call call) {
        return existing(call)
                .flatMap(known -> deliveries.cancel(known.id()))
                .filter(cancelled -> cancelled)
                .switchIfEmpty(Mono.error(() -> new ApiProblem(Kind.CONFLICT, "this delivery has ended already")))
                .then(Mono.defer(() -> now(call, 200)));
    }

    private Mono<Response> resend(Call call) {
        return withCurrent(call)
                ? renew(call)
                : deliveries.resend(call.path("id")).flatMap(done -> resent(call, done));
    }

    private Mono<Response> resent(Call call, Deliveries.Resend done) {
        return switch (done) {
            case ACCEPTED -> now(call, 202);
            case UNDER_WAY ->
                conflict("this delivery is under way; it can be sent again once it was sent or has failed");
            case NOT_KEPT -> conflict("what was sent is not kept (any more); history.requests decides how much is");
            case ENDED -> conflict("this delivery ended unsent, by decision; enqueue a new one");
            case UNKNOWN -> Mono.error(() -> unknown(call));
        };
    }

    /** A new delivery of the same job: rendered with the template of now, under a key of its own (M27). */
    private Mono<Response> renew(Call call) {
        return deliveries
                .renew(call.path("id"), surroundings.ids().get())
                .map(job -> Response.json(
                        202, shown.queued(job, surroundings.clock().millis())))
                .switchIfEmpty(existing(call)
                        .flatMap(known -> conflict("only a failed delivery whose data are kept can be rendered anew")));
    }

    /** Failed ones, by action, reason and time, in the background; a dry run only counts them. */
    private Mono<Response> resendMany(Call call) {
        List<Problem> problems = new ArrayList<>();
        Fields fields = new Fields("", json.read(call.body()), problems);
        Operations.Selection selection = SelectionReader.failed(fields);
        boolean dry = fields.flag("dry_run", false);
        fields.finish();
        ApiProblem.throwIfAny(problems);
        if (dry) {
            return operations
                    .count(selection)
                    .map(count ->
                            Response.ok(JsonNodeFactory.instance.objectNode().put("count", count)));
        }
        return OperationRoutes.started(operations.start(surroundings.ids().get(), selection));
    }

    private static Mono<Response> conflict(String detail) {
        return Mono.error(() -> new ApiProblem(Kind.CONFLICT, detail));
    }

    private static ApiProblem unknown(Call call) {
        return ApiProblem.notFound("delivery " + call.path("id"));
    }

    /** An empty body or {@code {"with": "frozen"}} means the same bytes under the same key, {@code current} does not. */
    private boolean withCurrent(Call call) {
        if (call.body().length == 0) {
            return false;
        }
        List<Problem> problems = new ArrayList<>();
        Fields fields = new Fields("", json.read(call.body()), problems);
        boolean current = fields.oneOf("with", Map.of("frozen", false, "current", true), false);
        fields.finish();
        ApiProblem.throwIfAny(problems);
        return current;
    }

    private Mono<Delivery> existing(Call call) {
        return deliveries.find(call.path("id")).switchIfEmpty(Mono.error(() -> unknown(call)));
    }

    /** The delivery after what was done to it. */
    private Mono<Response> now(Call call, int status) {
        return existing(call).map(delivery -> Response.json(status, shown.of(delivery)));
    }
}
