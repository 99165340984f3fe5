package io.posthaste.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.posthaste.action.RetryPolicy;
import io.posthaste.config.GatewayConfig;
import io.posthaste.config.SecretFile;
import io.posthaste.queue.QueueSettings;
import io.posthaste.queue.browse.Deliveries;
import io.posthaste.queue.browse.RedisDeliveries;
import io.posthaste.redis.RedisConnections;
import io.posthaste.redis.embedded.EmbeddedRedis;
import io.posthaste.seal.Sealer;
import io.posthaste.sign.SignatureVerifier;
import io.posthaste.sign.SignatureVerifier.Verdict;
import io.posthaste.sign.SigningKey;
import io.posthaste.store.vault.KeyKind;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs every sample recipe through a running gateway into its request bin, and checks what arrived. */
@Command(
        name = "demo",
        description = {
            "Saves the sample recipes as actions and enqueues jobs for each through Redis. The request bin answers as each",
            "partner would; shows what it got, and what the answers set on a person.",
            "Wants a gateway started by scripts/start, with the same settings in the environment."
        })
public final class Demo extends GatewayCommand {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String ROW = "%-42s %-10s %-10s %-12s %-10s %s";

    @Option(names = "--jobs", paramLabel = "N", description = "Jobs for each recipe. Default: ${DEFAULT-VALUE}.")
    private int jobs = 3;

    public Demo(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() {
        GatewayConfig config = access.config(terminal);
        String address = access.address(config);
        ApiClient api = access.client(config);
        List<Recipe> recipes = Recipe.all(LocalDate.ofInstant(terminal.clock().instant(), ZoneOffset.UTC));
        DemoPerson person = new DemoPerson(api);
        recipes.forEach(recipe -> prepare(api, recipe, address));
        List<String> ids = enqueue(config, recipes);
        say(ROW.formatted("recipe", "delivered", "answered", "body", "signature", "authorization"));
        SignatureVerifier verifier = isRotated(api) ? null : verifier(config);
        boolean good = true;
        for (Recipe recipe : recipes) {
            good &= show(api, recipe, verifier, config.send().headerPrefix());
        }
        good &= show(person);
        if (verifier == null) {
            say("signatures are not checked: the signing key was rotated, and only who rotated it knows the new one");
        }
        say(good ? "%d deliveries, all as expected".formatted(ids.size()) : "not all as expected");
        return good ? 0 : 1;
    }

    private static void prepare(ApiClient api, Recipe recipe, String address) {
        recipe.secrets().forEach((name, value) -> api.put("/v1/secrets/" + name, object("value", value)));
        if (!recipe.connection().isEmpty()) {
            connect(api, recipe.connection(), address);
        }
        api.delete("/v1/bins/" + recipe.id());
        api.put("/v1/bins/" + recipe.id(), recipe.answer().toString());
        api.put(
                "/v1/actions/demo-" + recipe.id(),
                recipe.sentTo(address + "/bin/" + recipe.id()).toString());
    }

    /** Client credentials, for which the request bin gives a token. */
    private static void connect(ApiClient api, String name, String address) {
        ObjectNode token = JsonNodeFactory.instance.objectNode().put("token_type", "Bearer");
        token.put("access_token", "token-of-" + name).put("expires_in", 3600);
        api.put("/v1/bins/" + name, object("body", token.toString()));
        ObjectNode connection = JsonNodeFactory.instance.objectNode();
        connection
                .putObject("oauth2")
                .put("token_url", address + "/bin/" + name)
                .put("client_id", "demo")
                .put("client_secret", "demo-client-secret");
        api.put("/v1/connections/" + name, connection.toString());
    }

    private static String object(String field, String value) {
        return JsonNodeFactory.instance.objectNode().put(field, value).toString();
    }

    private boolean show(DemoPerson person) {
        JsonNode after = person.after(jobs);
        say("");
        person.rows(after).forEach(this::say);
        say("");
        return person.isComplete(after, jobs);
    }

    private List<String> enqueue(GatewayConfig config, List<Recipe> recipes) {
        List<Deliveries.NewJob> added = new ArrayList<>();
        long run = terminal.clock().millis();
        for (Recipe recipe : recipes) {
            for (int i = 1; i <= jobs; i++) {
                String id = "demo-%s-%d-%d".formatted(recipe.id(), run, i);
                String data = recipe.data().toString();
                added.add(Deliveries.NewJob.of(id, "demo-" + recipe.id(), data));
            }
        }
        String uri = config.redis().isEmbedded()
                ? EmbeddedRedis.uri(config.redis().embedded())
                : config.redis().uri();
        try (RedisConnections redis = RedisConnections.open(uri, config.redis().commandTimeout())) {
            new RedisDeliveries(redis, QueueSettings.of(config, RetryPolicy.LONGEST_TIMEOUT), nothingToOpen())
                    .enqueue(added)
                    .block(PATIENCE);
        }
        return added.stream().map(Deliveries.NewJob::id).toList();
    }

    /** Jobs are only written here, never read. */
    private static Sealer nothingToOpen() {
        SecureRandom random = new SecureRandom();
        return Sealer.of(Sealer.generate(random), random);
    }

    /** Then the configured key signs no more, or beside the current one only. */
    private static boolean isRotated(ApiClient api) {
        for (JsonNode key : api.get("/v1/signing-keys").path("signing_keys")) {
            if (key.path("kind").asText().equals(KeyKind.ACTION.word())
                    && key.path("state").asText().equals("current")) {
                return !key.path("id").asText().equals(KeyKind.ACTION.initialId());
            }
        }
        return false;
    }

    /** @param verifier null when signatures cannot be checked */
    private boolean show(ApiClient api, Recipe recipe, @Nullable SignatureVerifier verifier, String prefix) {
        JsonNode requests = awaitRequests(api, recipe);
        Set<String> complaints = new TreeSet<>();
        int sameBody = 0;
        int signed = 0;
        String authorization = "-";
        for (JsonNode request : requests) {
            String expected = recipe.expected(header(request, prefix + "Idempotency-Key"));
            sameBody += request.path("body").asText().equals(expected) ? 1 : 0;
            complaints.addAll(recipe.partner().complaints(request));
            signed += verifier == null || verdict(request, verifier, prefix) == Verdict.VALID ? 1 : 0;
            authorization = header(request, "Authorization");
        }
        say(ROW.formatted(
                recipe.id() + " " + recipe.name(),
                requests.size() + "/" + jobs,
                recipe.answer().path("status").asText(),
                sameBody == jobs ? "as expected" : "differs",
                verifier == null ? "unchecked" : signed == jobs ? "valid" : "INVALID",
                authorization));
        complaints.forEach(complaint -> say("  the partner would refuse it: " + complaint));
        return requests.size() == jobs && sameBody == jobs && signed == jobs && complaints.isEmpty();
    }

    private JsonNode awaitRequests(ApiClient api, Recipe recipe) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        JsonNode requests = api.get("/v1/bins/" + recipe.id()).path("requests");
        while (requests.size() < jobs && System.nanoTime() < deadline) {
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            requests = api.get("/v1/bins/" + recipe.id()).path("requests");
        }
        return requests;
    }

    private SignatureVerifier verifier(GatewayConfig config) {
        String key = config.keys().signing() != null
                ? config.keys().signing()
                : SecretFile.read(config.keys().signingFile());
        return new SignatureVerifier(SigningKey.of(key), terminal.clock(), SignatureVerifier.TOLERANCE);
    }

    private static Verdict verdict(JsonNode request, SignatureVerifier verifier, String prefix) {
        return verifier.verify(
                header(request, prefix + "Timestamp"),
                header(request, prefix + "Signature"),
                request.path("body").asText().getBytes(StandardCharsets.UTF_8));
    }

    private static String header(JsonNode request, String name) {
        for (JsonNode header : request.path("headers")) {
            if (header.path("name").asText().equalsIgnoreCase(name)) {
                return header.path("value").asText();
            }
        }
        return "-";
    }

    private void say(String line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }
}
