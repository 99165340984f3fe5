package io.posthaste.api.vault;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.posthaste.http.Access;
import io.posthaste.http.ApiProblem;
import io.posthaste.http.ApiProblem.Kind;
import io.posthaste.http.Call;
import io.posthaste.http.Response;
import io.posthaste.http.Route;
import io.posthaste.json.Problem;
import io.posthaste.json.StrictJson;
import io.posthaste.store.vault.Vault;
import io.posthaste.store.vault.VaultEntry;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import reactor.core.publisher.Mono;

/** What can be done with secrets, snippets and connections: all have names that templates could write after a dot. */
public final class VaultRoutes<E extends VaultEntry> {
    private static final Predicate<String> NAME =
            Pattern.compile("[A-Za-z_][A-Za-z0-9_-]{0,63}").asMatchPredicate();

    private final Vault vault;
    private final Entries<E> entries;
    private final StrictJson json = new StrictJson();

    /** What differs between them. */
    interface Entries<E extends VaultEntry> {
        /** What one of them is called; an {@code s} makes it several. */
        String word();

        /** As this instance knows them. */
        Collection<E> all();

        /** Stores what the body of a call says, or fails with an {@link ApiProblem}. Empty when there is no room. */
        Mono<E> put(String name, JsonNode body);

        /** False when there was none. */
        Mono<Boolean> delete(String name);

        ObjectNode view(E entry);
    }

    public VaultRoutes(Vault vault, Entries<E> entries) {
        this.vault = vault;
        this.entries = entries;
    }

    public List<Route> routes() {
        String all = "/v1/" + entries.word() + "s";
        String one = all + "/{name}";
        return List.of(
                Route.of("PUT", one, Access.ADMIN, this::replace),
                Route.of("GET", one, Access.READ, this::read),
                Route.of("DELETE", one, Access.ADMIN, this::delete),
                Route.of("GET", all, Access.READ, this::list));
    }

    private Mono<Response> replace(Call call) {
        String name = checked(call.path("name"));
        return entries.put(name, json.read(call.body()))
                .switchIfEmpty(Mono.error(VaultRoutes::full))
                .map(stored -> Response.json(isNew(stored) ? 201 : 200, entries.view(stored)));
    }

    private static String checked(String name) {
        if (!NAME.test(name)) {
            throw ApiProblem.invalid(List.of(Problem.of(
                    "name",
                    "is '" + name + "'",
                    "a letter or _, then letters, digits, _ and -, 64 characters at most")));
        }
        return name;
    }

    private static ApiProblem full() {
        return new ApiProblem(Kind.CONFLICT, "there is no room: at most 1000 of them, 5 MiB in all; delete some first");
    }

    private static boolean isNew(VaultEntry entry) {
        return entry.createdAtMillis() == entry.updatedAtMillis();
    }

    private Mono<Response> read(Call call) {
        return vault.refresh()
                .then(Mono.fromSupplier(() -> entries.all().stream()
                        .filter(entry -> entry.name().equals(call.path("name")))
                        .findFirst()
                        .orElseThrow(() -> notFound(call))))
                .map(entry -> Response.ok(entries.view(entry)));
    }

    private Mono<Response> delete(Call call) {
        return entries.delete(call.path("name"))
                .filter(deleted -> deleted)
                .switchIfEmpty(Mono.error(() -> notFound(call)))
                .thenReturn(Response.empty(204));
    }

    private Mono<Response> list(Call call) {
        return vault.refresh().then(Mono.fromSupplier(() -> {
            ObjectNode body = JsonNodeFactory.instance.objectNode();
            ArrayNode list = body.putArray(entries.word() + "s");
            entries.all().forEach(entry -> list.add(entries.view(entry)));
            List<String> problems = vault.problems();
            if (!problems.isEmpty()) {
                problems.forEach(body.putArray("unreadable")::add);
            }
            return Response.ok(body);
        }));
    }

    private ApiProblem notFound(Call call) {
        return ApiProblem.notFound(entries.word() + " " + call.path("name"));
    }
}
