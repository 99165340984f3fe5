package io.posthaste.api.vault;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.posthaste.http.ApiProblem;
import io.posthaste.job.HostPatterns;
import io.posthaste.json.Fields;
import io.posthaste.json.Problem;
import io.posthaste.store.action.ActionCodec;
import io.posthaste.store.vault.StoredSecret;
import io.posthaste.store.vault.Vault;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import reactor.core.publisher.Mono;

/** Secrets: written, used by templates, never read back (M89, SEC-2). */
public record SecretEntries(Vault vault) implements VaultRoutes.Entries<StoredSecret> {
    private static final int MOST_CHARACTERS = 8_192;

    @Override
    public String word() {
        return "secret";
    }

    @Override
    public Collection<StoredSecret> all() {
        return vault.secrets();
    }

    /** No message here repeats what was sent: it is a secret, if a malformed one. */
    @Override
    public Mono<StoredSecret> put(String name, JsonNode body) {
        List<Problem> problems = new ArrayList<>();
        Fields fields = new Fields("", body, problems);
        JsonNode value = fields.node("value");
        String text = value.isTextual() ? value.textValue() : "";
        if (text.isEmpty() || text.length() > MOST_CHARACTERS) {
            fields.problem("value", "is not a string of 1 to " + MOST_CHARACTERS + " characters", "give the secret");
        }
        boolean keepsHosts = !fields.has("hosts");
        HostPatterns hosts = ActionCodec.hosts(fields, "hosts");
        fields.finish();
        ApiProblem.throwIfAny(problems);
        return vault.putSecret(name, text, keepsHosts ? null : hosts);
    }

    @Override
    public Mono<Boolean> delete(String name) {
        return vault.deleteSecret(name);
    }

    @Override
    public ObjectNode view(StoredSecret secret) {
        ObjectNode view = JsonNodeFactory.instance.objectNode().put("name", secret.name());
        if (!secret.hosts().isEmpty()) {
            secret.hosts().patterns().forEach(view.putArray("hosts")::add);
        }
        return view.put("created_at", secret.createdAtMillis()).put("updated_at", secret.updatedAtMillis());
    }
}
