package io.posthaste.api.vault;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.posthaste.api.port.Surroundings;
import io.posthaste.http.Access;
import io.posthaste.http.ApiProblem;
import io.posthaste.http.ApiProblem.Kind;
import io.posthaste.http.Call;
import io.posthaste.http.Response;
import io.posthaste.http.Route;
import io.posthaste.json.Fields;
import io.posthaste.json.Problem;
import io.posthaste.json.StrictJson;
import io.posthaste.store.vault.KeyKind;
import io.posthaste.store.vault.StoredKey;
import io.posthaste.store.vault.Vault;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;

/** Signing keys: listed without their text, which is shown once, when a key is made (M51, M52). */
public final class KeyRoutes {
    private static final String ALL = "/v1/signing-keys";
    private static final Map<String, KeyKind> KINDS =
            Map.of(KeyKind.ACTION.word(), KeyKind.ACTION, KeyKind.REPORTING.word(), KeyKind.REPORTING);

    private final Vault vault;
    private final Surroundings surroundings;
    private final StrictJson json = new StrictJson();

    public KeyRoutes(Vault vault, Surroundings surroundings) {
        this.vault = vault;
        this.surroundings = surroundings;
    }

    public List<Route> routes() {
        return List.of(
                Route.of("GET", ALL, Access.READ, this::list),
                Route.of("POST", ALL + "/rotate", Access.ADMIN, this::rotate),
                Route.of("DELETE", ALL + "/{id}", Access.ADMIN, this::revoke));
    }

    private Mono<Response> list(Call call) {
        return vault.refresh().then(Mono.fromSupplier(() -> {
            ObjectNode body = JsonNodeFactory.instance.objectNode();
            ArrayNode list = body.putArray("signing_keys");
            signing().forEach(key -> list.add(view(key)));
            return Response.ok(body);
        }));
    }

    /** Every key that signs something; until one is made through the API, the configured one is current. */
    private List<StoredKey> signing() {
        long now = surroundings.clock().millis();
        Stream<StoredKey> stored = vault.keys().stream().filter(key -> key.isCurrent() || key.signsUntilMillis() > now);
        Stream<StoredKey> configured = Stream.of(KeyKind.values())
                .filter(kind -> vault.keys().stream().noneMatch(key -> key.kind() == kind))
                .map(kind -> new StoredKey(kind.initialId(), kind, null, 0, 0));
        return Stream.concat(stored, configured).toList();
    }

    private Mono<Response> rotate(Call call) {
        KeyKind kind = kind(call);
        return vault.rotate(kind, "key-" + surroundings.ids().get())
                .switchIfEmpty(Mono.error(() -> new ApiProblem(
                        Kind.CONFLICT,
                        "10 replaced keys of this kind still sign; revoke one, or wait for its grace time to end")))
                .map(made -> Response.json(201, view(made).put("key", made.text())));
    }

    /** {@code {"kind": "action"}}, which an empty body stands for. */
    private KeyKind kind(Call call) {
        if (call.body().length == 0) {
            return KeyKind.ACTION;
        }
        List<Problem> problems = new ArrayList<>();
        Fields fields = new Fields("", json.read(call.body()), problems);
        KeyKind kind = fields.oneOf("kind", KINDS, KeyKind.ACTION);
        fields.finish();
        ApiProblem.throwIfAny(problems);
        return kind;
    }

    private Mono<Response> revoke(Call call) {
        String id = call.path("id");
        return vault.revoke(id).map(done -> switch (done) {
            case REVOKED -> Response.empty(204);
            case CURRENT -> throw isCurrent();
            case UNKNOWN ->
                throw signing().stream().anyMatch(key -> key.id().equals(id))
                        ? isCurrent()
                        : ApiProblem.notFound("signing key " + id);
        });
    }

    private static ApiProblem isCurrent() {
        return new ApiProblem(Kind.CONFLICT, "this key is the one that signs: rotate first, then revoke it");
    }

    private static ObjectNode view(StoredKey key) {
        ObjectNode view = JsonNodeFactory.instance
                .objectNode()
                .put("id", key.id())
                .put("kind", key.kind().word());
        view.put("state", key.isCurrent() ? "current" : "replaced");
        view.put("created_at", key.createdAtMillis() == 0 ? null : Long.valueOf(key.createdAtMillis()));
        return view.put("signs_until", key.isCurrent() ? null : Long.valueOf(key.signsUntilMillis()));
    }
}
