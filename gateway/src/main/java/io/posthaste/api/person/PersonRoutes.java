package io.posthaste.api.person;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.posthaste.api.port.Backends;
import io.posthaste.http.Access;
import io.posthaste.http.ApiProblem;
import io.posthaste.http.ApiProblem.Kind;
import io.posthaste.http.Call;
import io.posthaste.http.Query;
import io.posthaste.http.Response;
import io.posthaste.http.Route;
import io.posthaste.job.Person;
import io.posthaste.json.Problem;
import io.posthaste.json.StrictJson;
import io.posthaste.liquid.value.JsonException;
import io.posthaste.liquid.value.Nil;
import io.posthaste.liquid.value.RenderException;
import io.posthaste.queue.browse.Erasure;
import io.posthaste.render.Attributes;
import io.posthaste.store.person.PersonStore;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * People and their attributes: a JSON object each, shown with its {@code id}. Numbers keep their text. Deliveries write
 * here too, so a change is made from the person as they are, and made anew when they changed meanwhile.
 */
public final class PersonRoutes {
    private static final String ONE = "/v1/people/{id}";
    private static final String EVERYWHERE = "everywhere";
    private static final int MOST_NAME_BYTES = 128;
    /** Beyond that many writers at a time, one is told to come back. */
    private static final int MOST_ROUNDS = 50;

    private final PersonStore people;
    private final Erasure erasure;
    private final Scheduler work;
    private final StrictJson json = new StrictJson();

    public PersonRoutes(Backends backends, Scheduler work) {
        this.people = backends.people();
        this.erasure = backends.queue().erasure();
        this.work = work;
    }

    public List<Route> routes() {
        return List.of(
                Route.of("PUT", ONE, Access.OPERATE, this::replace),
                Route.of("PATCH", ONE, Access.OPERATE, this::change),
                Route.of("GET", ONE, Access.READ, this::read),
                Route.of("DELETE", ONE, Access.OPERATE, this::delete).knowing(EVERYWHERE));
    }

    private Mono<Response> read(Call call) {
        return people.find(call.path("id"))
                .switchIfEmpty(Mono.error(() -> notFound(call)))
                .publishOn(work)
                .map(person -> answer(200, person));
    }

    private Mono<Response> replace(Call call) {
        Person person = changed(Person.unknown(call.path("id")), attributes(call));
        return people.put(person.id(), person.attributes()).map(PersonRoutes::answer);
    }

    /** Sets the attributes that are named, null clears one; the others stay. Creates a person who is not stored (M75). */
    private Mono<Response> change(Call call) {
        Map<String, Object> changes = attributes(call);
        String id = call.path("id");
        return Mono.defer(() -> people.current(id))
                .publishOn(work)
                .flatMap(person -> people.replace(changed(person, changes)))
                .repeatWhenEmpty(MOST_ROUNDS, rounds -> rounds)
                .onErrorMap(
                        IllegalStateException.class,
                        tooMany -> new ApiProblem(Kind.CONFLICT, "others changed the person all the time"))
                .map(PersonRoutes::answer);
    }

    private Mono<Response> delete(Call call) {
        if (Query.isGiven(call, EVERYWHERE, "1")) {
            return erase(call);
        }
        return people.delete(call.path("id"))
                .filter(deleted -> deleted)
                .switchIfEmpty(Mono.error(() -> notFound(call)))
                .thenReturn(Response.empty(204));
    }

    /** What is not the store's goes, too, and for good: that is for those who may everything. */
    private Mono<Response> erase(Call call) {
        if (call.access() != Access.ADMIN) {
            throw new ApiProblem(Kind.FORBIDDEN, "everywhere: takes an admin token");
        }
        String id = call.path("id");
        return people.delete(id)
                .flatMap(deleted -> erasure.erase(id)
                        .map(erased -> Response.ok(JsonNodeFactory.instance
                                .objectNode()
                                .put("person", deleted)
                                .put("cancelled", erased.cancelled())
                                .put("records", erased.records())
                                .put("requests", erased.requests())
                                .put("results", erased.results())
                                .put("reports", erased.reports())
                                .put("quarantined", erased.quarantined())
                                .put("under_way", erased.underWay()))));
    }

    private static ApiProblem notFound(Call call) {
        return ApiProblem.notFound("person " + call.path("id"));
    }

    private static Response answer(PersonStore.Saved saved) {
        return answer(saved.created() ? 201 : 200, saved.person());
    }

    private static Response answer(int status, Person person) {
        return Response.json(status, Attributes.withId(person));
    }

    /** What was sent, as values; refused with everything that is wrong with it. */
    private Map<String, Object> attributes(Call call) {
        json.read(call.body());
        Map<String, Object> attributes = parsed(call.body());
        List<Problem> problems = new ArrayList<>();
        attributes.forEach((name, value) -> check(call.path("id"), name, value, problems));
        ApiProblem.throwIfAny(problems);
        attributes.remove("id");
        return attributes;
    }

    private static Map<String, Object> parsed(byte[] body) {
        try {
            return Attributes.read(body);
        } catch (JsonException e) {
            throw invalid(e.reason());
        }
    }

    /** The names that no one may set (M76). */
    private static void check(String id, String name, Object value, List<Problem> problems) {
        if (name.equals("id")) {
            if (!value.equals(id)) {
                problems.add(
                        Problem.of(name, "differs from the id in the path", "leave it out, or write '" + id + "'"));
            }
        } else if (name.equals("cio_id") || name.startsWith("_")) {
            problems.add(Problem.of(name, "is reserved", "use a name of your own"));
        } else if (name.isBlank()
                || name.chars().anyMatch(Character::isISOControl)
                || name.getBytes(StandardCharsets.UTF_8).length > MOST_NAME_BYTES) {
            problems.add(Problem.of(name, "is not a name", "1 to 128 bytes of printable characters"));
        }
    }

    private static Person changed(Person person, Map<String, Object> changes) {
        try {
            return Attributes.merged(person, changes, value -> value instanceof Nil);
        } catch (RenderException e) {
            throw invalid("more than " + Attributes.MAX_BYTES + " bytes of attributes");
        } catch (JsonException e) {
            throw invalid(e.reason());
        }
    }

    private static ApiProblem invalid(String message) {
        return ApiProblem.invalid(
                List.of(Problem.of("", message, "one JSON object of at most 256 KiB, 60 levels deep")));
    }
}
