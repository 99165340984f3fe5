package io.posthaste.http;

import io.posthaste.audit.AuditEvent;
import io.posthaste.audit.AuditTrail;
import io.posthaste.audit.PersonPath;
import io.posthaste.http.ApiProblem.Kind;
import io.posthaste.job.Header;
import io.posthaste.job.SecretValues;
import io.posthaste.json.MalformedJson;
import io.posthaste.queue.browse.InvalidCursorException;
import io.posthaste.store.DamagedRecord;
import io.posthaste.store.action.InvalidAction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** From a request's head and body to its answer; knows nothing of sockets. Whatever goes wrong becomes an answer. */
public final class Api {
    private static final Logger log = LoggerFactory.getLogger(Api.class);

    /** What tells of people, or of what secrets and keys there are. */
    private static final Pattern SENSITIVE = Pattern.compile(
            "/v1/(people|deliveries|drafts|bins)/[^/]+|/v1/secrets(/[^/]+)?|/v1/signing-keys|/v1/quarantine");

    private static final Pattern LINES = Pattern.compile("application/(x-)?ndjson *(;.*)?", Pattern.CASE_INSENSITIVE);

    private static final byte[] NOTHING = new byte[0];

    /** The event of whatever was changed. */
    private static final String CHANGED = "api.changed";

    /** Data that services bring, not what people decide. */
    private static final Pattern DATA = Pattern.compile("POST /v1/deliveries|(PUT|PATCH) /v1/people/.*");

    /** Of what was stored, as its answer has it. */
    private static final Pattern VERSION = Pattern.compile("\"version\":(\\d{1,9})");

    private final Guard guard;
    private final Supplier<String> ids;
    private final Supplier<SecretValues> known;
    private final Function<Throwable, @Nullable String> outage;
    private final AuditLimit audited;
    private final AuditTrail trail;

    /** A request as the server hands it over; the body is not read unless somebody asks for it. */
    record Request(Guard.Head head, List<Header> headers, long announcedLength, Flux<byte[]> body) {}

    /**
     * @param ids names for requests
     * @param known values that no problem may repeat, wherever it got them from (SEC-3)
     * @param outage tells failures of Redis from bugs: the caller may come again
     * @param trail keeps what was changed
     */
    public Api(
            Guard guard,
            Supplier<String> ids,
            Supplier<SecretValues> known,
            Function<Throwable, @Nullable String> outage,
            LongSupplier nanoTime,
            AuditTrail trail) {
        this.guard = guard;
        this.trail = trail;
        this.ids = ids;
        this.known = known;
        this.outage = outage;
        this.audited = new AuditLimit(nanoTime);
    }

    /** Never fails. */
    Mono<Response> answer(Request request) {
        String id = ids.get();
        return Mono.defer(() -> handle(id, request))
                .delayUntil(answer -> audit(id, request.head(), answer))
                .onErrorResume(failure -> Mono.just(problem(id, request.head(), failure)))
                .map(answer -> answer.with("X-Request-Id", id));
    }

    private Mono<Response> handle(String id, Request request) {
        Guard.Admitted admitted = guard.admit(request.head());
        BodyReader.checkLength(request.announcedLength());
        return call(id, request, admitted)
                .flatMap(admitted.route().handler()::handle)
                .map(answer -> whileAdmitted(request.head(), admitted.route(), answer));
    }

    private static Mono<Call> call(String id, Request request, Guard.Admitted admitted) {
        return admitted.route().bulk() && isLines(request.headers())
                ? Mono.just(call(id, request, admitted, NOTHING, BodyReader.stream(request.body())))
                : BodyReader.read(request.body()).map(body -> call(id, request, admitted, body, null));
    }

    private static Call call(
            String id, Request request, Guard.Admitted admitted, byte[] body, @Nullable Flux<byte[]> lines) {
        return new Call(
                id,
                new Call.RequestLine(request.head().method(), request.head().target()),
                admitted.path(),
                admitted.query(),
                admitted.access(),
                request.headers(),
                new Call.Content(body, lines));
    }

    private static boolean isLines(List<Header> headers) {
        return headers.stream()
                .filter(header -> header.name().equalsIgnoreCase("Content-Type"))
                .anyMatch(header -> LINES.matcher(header.value()).matches());
    }

    /** A stream ends with the right to it: when its token is revoked or expires. */
    private Response whileAdmitted(Guard.Head head, Route route, Response answer) {
        Flux<byte[]> events = answer.events();
        return events == null
                ? answer
                : answer.with(
                        events.takeWhile(event -> guard.callerOf(head).access().includes(route.access())));
    }

    private Response problem(String id, Guard.Head head, Throwable failure) {
        ApiProblem problem = problemOf(failure);
        if (problem.status() == 503) {
            log.atWarn()
                    .addKeyValue("request", id)
                    .addKeyValue("cause", failure.toString())
                    .log("api.unavailable");
        } else if (problem.status() == 500) {
            log.atError().addKeyValue("request", id).setCause(failure).log("api.failed");
        }
        String path = path(head);
        tell(id, head, path, event(head, path, problem.status()), problem.status());
        return problem.without(known.get()).answer(id);
    }

    private ApiProblem problemOf(Throwable failure) {
        return switch (failure) {
            case ApiProblem problem -> problem;
            case MalformedJson malformed -> ApiProblem.malformed(malformed.problem());
            case InvalidAction invalid -> ApiProblem.invalid(invalid.problems());
            case DamagedRecord damaged -> new ApiProblem(Kind.INTERNAL_ERROR, String.valueOf(damaged.getMessage()));
            case InvalidCursorException invalid -> Query.badCursor();
            default -> {
                String why = outage.apply(failure);
                yield why != null
                        ? new ApiProblem(Kind.UNAVAILABLE, why).with("Retry-After", "1")
                        : new ApiProblem(Kind.INTERNAL_ERROR, "the log says more under this request_id");
            }
        };
    }

    /** What was changed is kept before the caller hears that it was. */
    private Mono<Void> audit(String id, Guard.Head head, Response answer) {
        String path = path(head);
        String event = event(head, path, answer.status());
        tell(id, head, path, event, answer.status());
        return CHANGED.equals(event)
                        && !DATA.matcher(head.method() + " " + path).matches()
                ? keep(id, head, path, answer)
                : Mono.empty();
    }

    /** Who changed what, who read what is about people or keys, and who was refused (ADM-13). Query strings, bodies and what came to nothing stay out. */
    private void tell(String id, Guard.Head head, String path, @Nullable String event, int status) {
        if (event == null || !audited.isTold(head.address(), event, status)) {
            return;
        }
        log.atInfo()
                .addKeyValue("request", id)
                .addKeyValue("who", guard.callerOf(head).name())
                .addKeyValue("method", LogText.of(head.method()))
                .addKeyValue("path", LogText.of(path))
                .addKeyValue("status", status)
                .addKeyValue("from", head.address())
                .log(event);
    }

    /** That it could not be is told; the change stands. */
    private Mono<Void> keep(String id, Guard.Head head, String path, Response answer) {
        AuditEvent event = new AuditEvent(
                id,
                0,
                guard.callerOf(head).name(),
                head.address(),
                new AuditEvent.Subject(head.method(), LogText.of(PersonPath.hidden(path))),
                answer.status(),
                version(answer));
        return trail.add(event)
                .doOnError(failure -> log.atError()
                        .addKeyValue("request", id)
                        .addKeyValue("cause", failure.toString())
                        .log("audit.not_kept"))
                .onErrorComplete();
    }

    private static String path(Guard.Head head) {
        return head.target().replaceFirst("\\?.*", "");
    }

    private static long version(Response answer) {
        Matcher version = VERSION.matcher(new String(answer.body(), StandardCharsets.UTF_8));
        return version.find() ? Long.parseLong(version.group(1)) : 0;
    }

    /** What is told of an answer; null for nothing. */
    private static @Nullable String event(Guard.Head head, String path, int status) {
        if (status == 401 || status == 403 || status == 429) {
            return "api.refused";
        }
        boolean isGet = head.method().equals("GET");
        if (status >= 400 || path.startsWith("/bin/") || path.endsWith("/preview")) {
            return null;
        }
        return isGet ? (SENSITIVE.matcher(path).matches() ? "api.read" : null) : CHANGED;
    }
}
