package io.posthaste.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.posthaste.store.Fields;
import io.posthaste.store.Problem;
import io.posthaste.store.StoredSecret;
import io.posthaste.store.StrictJson;
import io.posthaste.store.Vault;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Mono;

/** Secrets: written, used by templates, never read back (M89, SEC-2). */
final class SecretRoutes {
    private static final String ONE = "/v1/secrets/{name}";
    private static final int MOST_CHARACTERS = 8_192;

    private final Vault vault;
    private final StrictJson json = new StrictJson();

    SecretRoutes(Vault vault) {
        this.vault = vault;
    }

    List<Route> routes() {
        return List.of(
                Route.of("PUT", ONE, Access.ADMIN, this::replace),
                Route.of("GET", ONE, Access.READ, this::read),
                Route.of("DELETE", ONE, Access.ADMIN, this::delete),
                Route.of("GET", "/v1/secrets", Access.READ, this::list));
    }

    private Mono<Answer> replace(Call call) {
        String name = VaultNames.checked(call.path("name"));
        return vault.putSecret(name, value(call))
                .switchIfEmpty(Mono.error(VaultNames::full))
                .map(stored -> Answer.json(
                        VaultNames.status(stored.createdAtMillis(), stored.updatedAtMillis()), view(stored)));
    }

    /** No message here repeats what was sent: it is a secret, if a malformed one. */
    private String value(Call call) {
        List<Problem> problems = new ArrayList<>();
        Fields fields = new Fields("", json.read(call.body()), problems);
        JsonNode value = fields.node("value");
        String text = value.isTextual() ? value.textValue() : "";
        if (text.isEmpty() || text.length() > MOST_CHARACTERS) {
            fields.problem("value", "is not a string of 1 to " + MOST_CHARACTERS + " characters", "give the secret");
        }
        fields.finish();
        if (!problems.isEmpty()) {
            throw ApiProblem.invalid(problems);
        }
        return text;
    }

    private Mono<Answer> read(Call call) {
        return vault.refresh()
                .then(Mono.fromSupplier(() -> vault.secrets().stream()
                        .filter(secret -> secret.name().equals(call.path("name")))
                        .findFirst()
                        .orElseThrow(() -> notFound(call))))
                .map(secret -> Answer.ok(view(secret)));
    }

    private Mono<Answer> delete(Call call) {
        return vault.deleteSecret(call.path("name"))
                .filter(deleted -> deleted)
                .switchIfEmpty(Mono.error(() -> notFound(call)))
                .thenReturn(Answer.empty(204));
    }

    private Mono<Answer> list(Call call) {
        return vault.refresh().then(Mono.fromSupplier(() -> {
            ObjectNode body = JsonNodeFactory.instance.objectNode();
            ArrayNode list = body.putArray("secrets");
            vault.secrets().forEach(secret -> list.add(view(secret)));
            return Answer.ok(body);
        }));
    }

    private static ApiProblem notFound(Call call) {
        return ApiProblem.notFound("secret " + call.path("name"));
    }

    private static ObjectNode view(StoredSecret secret) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("name", secret.name())
                .put("created_at", secret.createdAtMillis())
                .put("updated_at", secret.updatedAtMillis());
    }
}
