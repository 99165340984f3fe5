package io.posthaste.api.vault;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.posthaste.api.check.SaveCheck;
import io.posthaste.connection.Connection;
import io.posthaste.connection.ConnectionReader;
import io.posthaste.http.ApiProblem;
import io.posthaste.json.Problem;
import io.posthaste.store.vault.StoredConnection;
import io.posthaste.store.vault.Vault;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Connections: written, used by actions, shown without what proves who the gateway is. */
public record ConnectionEntries(Vault vault, SaveCheck check, InstantSource clock)
        implements VaultRoutes.Entries<StoredConnection> {

    @Override
    public String word() {
        return "connection";
    }

    @Override
    public Collection<StoredConnection> all() {
        return vault.connections();
    }

    @Override
    public Mono<StoredConnection> put(String name, JsonNode body) {
        return vault.refresh().then(Mono.defer(() -> store(name, body)));
    }

    private Mono<StoredConnection> store(String name, JsonNode body) {
        JsonNode whole = body instanceof ObjectNode given ? ConnectionReader.withKept(given, definitionOf(name)) : body;
        ConnectionReader.Reading reading = ConnectionReader.read(name, 0, whole, clock);
        List<Problem> problems = new ArrayList<>(reading.problems());
        Connection.OAuth2 oauth2 = reading.connection().oauth2();
        if (oauth2 != null && !oauth2.tokenUrl().isEmpty()) {
            problems.addAll(check.address("oauth2.token_url", oauth2.tokenUrl()));
        }
        ApiProblem.throwIfAny(problems);
        return vault.putConnection(name, reading.definition());
    }

    private @Nullable ObjectNode definitionOf(String name) {
        return all().stream()
                .filter(stored -> stored.name().equals(name))
                .map(StoredConnection::definition)
                .findFirst()
                .orElse(null);
    }

    @Override
    public Mono<Boolean> delete(String name) {
        return vault.deleteConnection(name);
    }

    @Override
    public ObjectNode view(StoredConnection stored) {
        Connection connection = stored.connection();
        ObjectNode view = object().put("name", stored.name());
        // Certificates are public: who changes a part sends the others back.
        putIfAny(view, "ca_pem", stored.definition().path("ca"));
        putIfAny(view, "certificate_pem", stored.definition().path("certificate"));
        if (!connection.trust().authorities().isEmpty()) {
            connection
                    .trust()
                    .authorities()
                    .forEach(authority -> view.withArray("ca").add(shown(authority)));
            view.put("system_ca", connection.trust().systemToo());
        }
        connection.trust().pins().stream().sorted().forEach(view.withArray("pins")::add);
        Connection.Identity identity = connection.identity();
        if (identity != null) {
            identity.chain().forEach(one -> view.withArray("certificate").add(shown(one)));
            view.put("expires_at", identity.expiresAt().toEpochMilli());
        }
        if (connection.oauth2() != null) {
            view.set("oauth2", shown(connection.oauth2()));
        }
        if (connection.proxy() != null) {
            view.set("proxy", shown(connection.proxy()));
        }
        view.put("http2", connection.http2());
        return view.put("created_at", stored.createdAtMillis()).put("updated_at", stored.updatedAtMillis());
    }

    private static void putIfAny(ObjectNode view, String name, JsonNode pem) {
        if (pem.isTextual()) {
            view.set(name, pem);
        }
    }

    private static ObjectNode shown(X509Certificate certificate) {
        return object().put("subject", certificate.getSubjectX500Principal().getName())
                .put("issuer", certificate.getIssuerX500Principal().getName())
                .put("expires_at", certificate.getNotAfter().toInstant().toEpochMilli());
    }

    private static ObjectNode shown(Connection.OAuth2 oauth2) {
        return object().put("token_url", oauth2.tokenUrl())
                .put("client_id", oauth2.clientId())
                .put("scope", oauth2.scope())
                .put("audience", oauth2.audience())
                .put("method", oauth2.method().word());
    }

    private static ObjectNode shown(Connection.Proxy proxy) {
        return object().put("url", "http://" + proxy.host() + ":" + proxy.port())
                .put("username", proxy.username());
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
