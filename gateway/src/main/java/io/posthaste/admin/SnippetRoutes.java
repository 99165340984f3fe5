package io.posthaste.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.posthaste.store.Fields;
import io.posthaste.store.Problem;
import io.posthaste.store.StoredSnippet;
import io.posthaste.store.StrictJson;
import io.posthaste.store.Vault;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Mono;

/** Snippets: pieces of Liquid that templates print by name (M46), checked as templates are. */
final class SnippetRoutes {
    private static final String ONE = "/v1/snippets/{name}";
    private static final int MOST_BYTES = 16 << 10;

    private final Vault vault;
    private final VaultReferences references;
    private final SaveCheck check;
    private final StrictJson json = new StrictJson();

    SnippetRoutes(Vault vault, SaveCheck check) {
        this.vault = vault;
        this.references = new VaultReferences(vault);
        this.check = check;
    }

    List<Route> routes() {
        return List.of(
                Route.of("PUT", ONE, Access.ADMIN, this::replace),
                Route.of("GET", ONE, Access.READ, this::read),
                Route.of("DELETE", ONE, Access.ADMIN, this::delete),
                Route.of("GET", "/v1/snippets", Access.READ, this::list));
    }

    private Mono<Answer> replace(Call call) {
        String name = VaultNames.checked(call.path("name"));
        return vault.putSnippet(name, value(call))
                .switchIfEmpty(Mono.error(VaultNames::full))
                .map(stored -> Answer.json(
                        VaultNames.status(stored.createdAtMillis(), stored.updatedAtMillis()), view(stored)));
    }

    private String value(Call call) {
        List<Problem> problems = new ArrayList<>();
        Fields fields = new Fields("", json.read(call.body()), problems);
        String value = fields.text("value", null, Integer.MAX_VALUE);
        // What was read can be sent back.
        List.of("name", "created_at", "updated_at", "warnings").forEach(fields::ignore);
        fields.finish();
        if (value.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
            fields.problem("value", "is longer than 16 KiB", "at most " + MOST_BYTES + " bytes");
        } else {
            problems.addAll(check.template("value", value));
        }
        if (!problems.isEmpty()) {
            throw ApiProblem.invalid(problems);
        }
        return value;
    }

    private Mono<Answer> read(Call call) {
        return vault.refresh()
                .then(Mono.fromSupplier(() -> vault.snippets().stream()
                        .filter(snippet -> snippet.name().equals(call.path("name")))
                        .findFirst()
                        .orElseThrow(() -> notFound(call))))
                .map(snippet -> Answer.ok(view(snippet)));
    }

    private Mono<Answer> delete(Call call) {
        return vault.deleteSnippet(call.path("name"))
                .filter(deleted -> deleted)
                .switchIfEmpty(Mono.error(() -> notFound(call)))
                .thenReturn(Answer.empty(204));
    }

    private Mono<Answer> list(Call call) {
        return vault.refresh().then(Mono.fromSupplier(() -> {
            ObjectNode body = JsonNodeFactory.instance.objectNode();
            ArrayNode list = body.putArray("snippets");
            vault.snippets().forEach(snippet -> list.add(view(snippet)));
            return Answer.ok(body);
        }));
    }

    private static ApiProblem notFound(Call call) {
        return ApiProblem.notFound("snippet " + call.path("name"));
    }

    private ObjectNode view(StoredSnippet snippet) {
        ObjectNode view = JsonNodeFactory.instance
                .objectNode()
                .put("name", snippet.name())
                .put("value", snippet.value())
                .put("created_at", snippet.createdAtMillis())
                .put("updated_at", snippet.updatedAtMillis());
        view.set("warnings", ApiProblem.list(references.unknown("value", snippet.value())));
        return view;
    }
}
