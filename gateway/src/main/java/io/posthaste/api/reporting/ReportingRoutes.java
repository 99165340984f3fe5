package io.posthaste.api.reporting;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.posthaste.api.check.SaveCheck;
import io.posthaste.http.Access;
import io.posthaste.http.ApiProblem;
import io.posthaste.http.ApiProblem.Kind;
import io.posthaste.http.Call;
import io.posthaste.http.Response;
import io.posthaste.http.Route;
import io.posthaste.json.Problem;
import io.posthaste.json.StrictJson;
import io.posthaste.redact.Redaction;
import io.posthaste.store.reporting.ReportStatus;
import io.posthaste.store.reporting.ReportingWebhook;
import io.posthaste.store.reporting.ReportingWebhook.Metric;
import io.posthaste.store.reporting.ReportingWebhookCodec;
import io.posthaste.store.reporting.ReportingWebhookStore;
import io.posthaste.store.reporting.ReportingWebhookStore.Standing;
import io.posthaste.store.reporting.ReportingWebhooks;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Reporting webhooks: where events go, and how far each receiver has come (M84, M85). */
public final class ReportingRoutes {
    private static final String ALL = "/v1/reporting-webhooks";
    private static final String ONE = ALL + "/{id}";

    private final ReportingWebhooks reports;
    private final SaveCheck check;
    private final Redaction redaction;
    private final Scheduler work;
    private final ReportingWebhookCodec codec = new ReportingWebhookCodec();
    private final StrictJson json = new StrictJson();

    public ReportingRoutes(ReportingWebhooks reports, SaveCheck check, Redaction redaction, Scheduler work) {
        this.reports = reports;
        this.check = check;
        this.redaction = redaction;
        this.work = work;
    }

    public List<Route> routes() {
        return List.of(
                Route.of("GET", ALL, Access.READ, this::list),
                Route.of("PUT", ONE, Access.ADMIN, this::replace),
                Route.of("GET", ONE, Access.READ, this::read),
                Route.of("DELETE", ONE, Access.ADMIN, this::delete),
                Route.of("POST", ONE + "/resume", Access.OPERATE, this::resume));
    }

    private Mono<Response> list(Call call) {
        return reports.list().publishOn(work).map(all -> {
            ObjectNode body = JsonNodeFactory.instance.objectNode();
            ArrayNode list = body.putArray("reporting_webhooks");
            all.forEach(standing -> list.add(view(standing, call)));
            return Response.ok(body);
        });
    }

    private Mono<Response> replace(Call call) {
        ReportingWebhook webhook = valid(codec.read(call.path("id"), json.read(call.body())));
        return reports.save(webhook)
                .switchIfEmpty(Mono.error(ReportingRoutes::full))
                .flatMap(saved -> existing(call))
                .map(standing -> Response.json(isNew(standing.webhook()) ? 201 : 200, view(standing, call)));
    }

    private ReportingWebhook valid(ReportingWebhookCodec.Reading reading) {
        List<Problem> problems = new ArrayList<>(reading.problems());
        if (problems.stream().noneMatch(problem -> problem.field().equals("url"))) {
            problems.addAll(check.address("url", reading.webhook().url()));
        }
        ApiProblem.throwIfAny(problems);
        return reading.webhook();
    }

    private Mono<Response> read(Call call) {
        return existing(call).map(standing -> Response.ok(view(standing, call)));
    }

    private Mono<Response> delete(Call call) {
        return reports.delete(call.path("id"))
                .filter(deleted -> deleted)
                .switchIfEmpty(Mono.error(() -> notFound(call)))
                .thenReturn(Response.empty(204));
    }

    private Mono<Response> resume(Call call) {
        return reports.resume(call.path("id")).then(read(call));
    }

    private Mono<Standing> existing(Call call) {
        return reports.find(call.path("id")).switchIfEmpty(Mono.error(() -> notFound(call)));
    }

    private static boolean isNew(ReportingWebhook webhook) {
        return webhook.createdAtMillis() == webhook.updatedAtMillis();
    }

    private static ApiProblem full() {
        return new ApiProblem(
                Kind.CONFLICT,
                "there are " + ReportingWebhookStore.MOST + " reporting webhooks, which is the most; delete one first");
    }

    private static ApiProblem notFound(Call call) {
        return ApiProblem.notFound("reporting webhook " + call.path("id"));
    }

    /** Who may only look sees no credentials (SEC-2). */
    private ObjectNode view(Standing standing, Call call) {
        ReportingWebhook webhook = standing.webhook();
        ObjectNode view = JsonNodeFactory.instance.objectNode().put("id", webhook.id());
        view.setAll(codec.write(webhook));
        if (!call.access().includes(Access.OPERATE)) {
            view.put("url", redaction.maskedUrl(webhook.url()));
        }
        view.put("created_at", webhook.createdAtMillis()).put("updated_at", webhook.updatedAtMillis());
        view.set("warnings", ApiProblem.list(warnings(webhook)));
        view.set("status", status(standing.status()));
        return view;
    }

    private static ObjectNode status(ReportStatus status) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("position", status.position())
                .put("lag", status.lag())
                .put("delivered", status.events().delivered())
                .put("lost", status.events().lost())
                .put("expired", status.events().expired())
                .put("failures", status.last().failures())
                .put("last_attempt_at", status.last().atMillis())
                .put("last_status", status.last().status())
                .put("last_reason", status.last().reason())
                .put("next_attempt_at", status.nextAttemptAtMillis())
                .put("paused", status.paused());
    }

    private static List<Problem> warnings(ReportingWebhook webhook) {
        return Stream.of(
                        Problem.of(
                                webhook.url().regionMatches(true, 0, "http:", 0, 5) ? "url" : "",
                                "http is not encrypted",
                                "use https"),
                        Problem.of(
                                webhook.metrics().contains(Metric.CLICKED) ? "metrics" : "",
                                "requests have no links, so nothing is ever clicked",
                                "leave clicked out"))
                .filter(problem -> !problem.field().isEmpty())
                .toList();
    }
}
