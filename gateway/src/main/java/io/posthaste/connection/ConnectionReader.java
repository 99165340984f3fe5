package io.posthaste.connection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.posthaste.connection.Connection.Identity;
import io.posthaste.connection.Connection.OAuth2;
import io.posthaste.connection.Connection.OAuth2.Method;
import io.posthaste.connection.Connection.Proxy;
import io.posthaste.connection.Connection.Trust;
import io.posthaste.json.Fields;
import io.posthaste.json.Problem;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads a connection as the API takes it and the vault keeps it. Notes every problem at once, and repeats no secret. */
public final class ConnectionReader {
    private static final int LONGEST_PEM = 1 << 20;
    private static final int LONGEST = 8_192;
    private static final int MOST_PINS = 16;
    private static final Pattern PIN = Pattern.compile("sha256/[A-Za-z0-9+/]{43}=");
    private static final Map<String, Method> METHODS = Stream.of(Method.values())
            .collect(Collectors.toMap(Method::word, method -> method, (a, b) -> a, LinkedHashMap::new));

    private final InstantSource clock;
    private final List<Problem> problems = new ArrayList<>();

    private ConnectionReader(InstantSource clock) {
        this.clock = clock;
    }

    /** @param definition as it is to be kept, secrets included */
    public record Reading(Connection connection, ObjectNode definition, List<Problem> problems) {}

    /** @param clock tells what has expired */
    public static Reading read(String name, long revision, JsonNode definition, InstantSource clock) {
        ConnectionReader reader = new ConnectionReader(clock);
        Connection read = reader.connection(name, revision, new Fields("", definition, reader.problems));
        ObjectNode kept = definition instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode();
        return new Reading(read, kept, List.copyOf(reader.problems));
    }

    /**
     * The same with the parts that are never read back taken from what was there before, where they are left out and what
     * they belong to is the same: a secret goes to no other address than the one it was given for.
     */
    public static ObjectNode withKept(ObjectNode definition, @Nullable ObjectNode before) {
        ObjectNode whole = definition.deepCopy();
        if (before != null) {
            if (whole.has("certificate") && !whole.has("key") && before.has("key")) {
                whole.set("key", before.get("key"));
            }
            keep(whole.path("oauth2"), before.path("oauth2"), "client_secret", "token_url", "client_id");
            keep(whole.path("proxy"), before.path("proxy"), "password", "url", "username");
        }
        return whole;
    }

    private static void keep(JsonNode now, JsonNode before, String secret, String... same) {
        if (now instanceof ObjectNode object
                && !object.has(secret)
                && before.has(secret)
                && Stream.of(same).allMatch(name -> object.path(name).equals(before.path(name)))) {
            object.set(secret, before.get(secret));
        }
    }

    private Connection connection(String name, long revision, Fields fields) {
        Trust trust = trust(fields);
        Identity identity = identity(fields);
        OAuth2 oauth2 = fields.has("oauth2") ? oauth2(fields.object("oauth2")) : null;
        Proxy proxy = fields.has("proxy") ? proxy(fields.object("proxy")) : null;
        boolean http2 = fields.flag("http2", false);
        fields.finish();
        return new Connection(name, revision, trust, identity, oauth2, proxy, http2);
    }

    private Trust trust(Fields fields) {
        List<X509Certificate> authorities = fields.has("ca") ? certificates(fields, "ca") : List.of();
        boolean systemToo = fields.flag("system_ca", false);
        Set<String> pins = Set.copyOf(fields.list("pins", List.of(), MOST_PINS, (at, node) -> {
            if (!PIN.matcher(node.asText()).matches()) {
                problems.add(Problem.of(
                        at,
                        "is " + Fields.kind(node),
                        "sha256/ and 44 characters of base64, the hash of a public key"));
                return null;
            }
            return node.asText();
        }));
        return new Trust(authorities, systemToo || authorities.isEmpty(), pins);
    }

    private List<X509Certificate> certificates(Fields fields, String name) {
        String pem = fields.text(name, null, LONGEST_PEM);
        try {
            List<X509Certificate> read = Pem.certificates(pem);
            for (X509Certificate one : read) {
                if (one.getNotAfter().toInstant().isBefore(clock.instant())) {
                    fields.problem(
                            name,
                            "holds a certificate that expired on "
                                    + one.getNotAfter().toInstant(),
                            "one that is valid");
                }
            }
            return read;
        } catch (GeneralSecurityException broken) {
            fields.problem(name, String.valueOf(broken.getMessage()), "certificates in PEM, one after the other");
            return List.of();
        }
    }

    private @Nullable Identity identity(Fields fields) {
        if (!fields.has("certificate")) {
            if (fields.has("key")) {
                fields.text("key", "", LONGEST_PEM);
                fields.problem("certificate", "is missing beside the key", "the certificate of the key, in PEM");
            }
            return null;
        }
        List<X509Certificate> chain = certificates(fields, "certificate");
        String text = fields.text("key", null, LONGEST_PEM);
        PrivateKey key = key(fields, "key", text);
        if (chain.isEmpty() || key == null) {
            return null;
        }
        if (!fits(chain.getFirst(), key)) {
            fields.problem("key", "is not that of the first certificate", "the key that the certificate was made for");
        }
        return new Identity(chain, key);
    }

    private static boolean fits(X509Certificate certificate, PrivateKey key) {
        try {
            return Pem.fits(certificate, key);
        } catch (GeneralSecurityException foreign) {
            return false;
        }
    }

    private static @Nullable PrivateKey key(Fields fields, String name, String text) {
        try {
            return Pem.key(text);
        } catch (GeneralSecurityException broken) {
            fields.problem(
                    name,
                    String.valueOf(broken.getMessage()),
                    "a key in PEM as openssl pkcs8 -topk8 -nocrypt writes it");
            return null;
        }
    }

    private static OAuth2 oauth2(Fields fields) {
        OAuth2 read = new OAuth2(
                fields.text("token_url", null, LONGEST),
                fields.text("client_id", null, LONGEST),
                fields.text("client_secret", null, LONGEST_PEM),
                fields.text("scope", "", LONGEST),
                fields.text("audience", "", LONGEST),
                Objects.requireNonNull(fields.oneOf("method", METHODS, Method.BASIC)));
        if (read.method() == Method.PRIVATE_KEY_JWT && fields.has("client_secret")) {
            key(fields, "client_secret", read.clientSecret());
        }
        fields.finish();
        return read;
    }

    private static Proxy proxy(Fields fields) {
        String url = fields.text("url", null, LONGEST);
        Proxy read = proxy(url, fields.text("username", "", LONGEST), fields.text("password", "", LONGEST));
        if (read == null) {
            fields.problem("url", "is not the address of a proxy", "http://host:port");
        }
        fields.finish();
        return read == null ? new Proxy("", 0, "", "") : read;
    }

    /** Null when it is none: {@code http://host:port}. */
    public static @Nullable Proxy proxy(String url, String username, String password) {
        try {
            URI uri = new URI(url);
            boolean bare = uri.getRawPath() == null
                    || uri.getRawPath().isEmpty()
                    || uri.getRawPath().equals("/");
            return "http".equals(uri.getScheme())
                            && uri.getHost() != null
                            && uri.getPort() > 0
                            && uri.getPort() < 65_536
                            && bare
                            && uri.getRawUserInfo() == null
                            && uri.getRawQuery() == null
                    ? new Proxy(uri.getHost(), uri.getPort(), username, password)
                    : null;
        } catch (URISyntaxException e) {
            return null;
        }
    }
}
