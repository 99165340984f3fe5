package io.posthaste.api.vault;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.posthaste.api.check.SaveCheck;
import io.posthaste.api.check.VaultReferences;
import io.posthaste.http.ApiProblem;
import io.posthaste.json.Fields;
import io.posthaste.json.Problem;
import io.posthaste.store.vault.StoredSnippet;
import io.posthaste.store.vault.Vault;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import reactor.core.publisher.Mono;

/** Snippets: pieces of Liquid that templates print by name (M46), checked as templates are. */
public record SnippetEntries(Vault vault, SaveCheck check) implements VaultRoutes.Entries<StoredSnippet> {
    private static final int MOST_BYTES = 16 << 10;

    @Override
    public String word() {
        return "snippet";
    }

    @Override
    public Collection<StoredSnippet> all() {
        return vault.snippets();
    }

    private String value(JsonNode body) {
        List<Problem> problems = new ArrayList<>();
        Fields fields = new Fields("", body, problems);
        String value = fields.text("value", null, Integer.MAX_VALUE);
        // What was read can be sent back.
        List.of("name", "created_at", "updated_at", "warnings").forEach(fields::ignore);
        fields.finish();
        if (value.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
            fields.problem("value", "is longer than 16 KiB", "at most " + MOST_BYTES + " bytes");
        } else {
            problems.addAll(check.template("value", value));
        }
        ApiProblem.throwIfAny(problems);
        return value;
    }

    @Override
    public Mono<StoredSnippet> put(String name, JsonNode body) {
        return vault.putSnippet(name, value(body));
    }

    @Override
    public Mono<Boolean> delete(String name) {
        return vault.deleteSnippet(name);
    }

    @Override
    public ObjectNode view(StoredSnippet snippet) {
        ObjectNode view = JsonNodeFactory.instance
                .objectNode()
                .put("name", snippet.name())
                .put("value", snippet.value())
                .put("created_at", snippet.createdAtMillis())
                .put("updated_at", snippet.updatedAtMillis());
        view.set("warnings", ApiProblem.list(new VaultReferences(vault).unknown("value", snippet.value())));
        return view;
    }
}
