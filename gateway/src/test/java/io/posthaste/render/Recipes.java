package io.posthaste.render;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.posthaste.action.Action;
import io.posthaste.action.LaneLimits;
import io.posthaste.action.RetryPolicy;
import io.posthaste.action.SecretUse;
import io.posthaste.job.Header;
import io.posthaste.job.HostPatterns;
import io.posthaste.job.Job;
import io.posthaste.job.Secret;
import io.posthaste.liquid.Liquid;
import io.posthaste.liquid.parse.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The recipes, and actions and jobs made of them. */
final class Recipes {
    static final JsonNode ALL = read();
    static final Instant NOW = Instant.ofEpochSecond(ALL.path("now_epoch").asLong());

    private Recipes() {}

    private static JsonNode read() {
        try (InputStream in = Objects.requireNonNull(Recipes.class.getResourceAsStream("/recipes.json"))) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode recipe(String id) {
        for (JsonNode recipe : ALL.path("recipes")) {
            if (recipe.path("id").asText().equals(id)) {
                return recipe;
            }
        }
        throw new IllegalArgumentException("no recipe " + id);
    }

    static Liquid liquid() {
        return new Liquid(
                WebhookDialect.with(Map.of()), Limits.DEFAULT, InstantSource.fixed(NOW), () -> 0, new Random(7));
    }

    static RequestRenderer renderer(Map<String, String> secrets, Map<String, String> snippets) {
        return renderer(
                name -> secrets.containsKey(name) ? new Secret(name, secrets.get(name), HostPatterns.NONE) : null,
                snippets);
    }

    static RequestRenderer renderer(Function<String, @Nullable Secret> secrets, Map<String, String> snippets) {
        Function<String, @Nullable String> snippet = snippets::get;
        LookUps lookUps = new LookUps(secrets, snippet, url -> URI.create(url).getHost());
        return new RequestRenderer(new TemplateCache(liquid(), 1 << 24), lookUps, InstantSource.fixed(NOW), 1 << 20);
    }

    static RequestRenderer renderer() {
        return renderer(Map.of(), Map.of());
    }

    static Action action(JsonNode recipe) {
        List<Header> headers = new ArrayList<>();
        recipe.path("headers")
                .properties()
                .forEach(h -> headers.add(new Header(h.getKey(), h.getValue().asText())));
        return action(recipe.path("url").asText(), headers, recipe.path("body").asText(), Action.OnMissing.FAIL);
    }

    static Action action(String url, List<Header> headers, String body, Action.OnMissing onMissing) {
        return new Action(
                "a",
                "name",
                new Action.Revision(1, 0, 0),
                new Action.Request("POST", url, headers, body, onMissing, Action.Escaping.NONE, false),
                new Action.Rules(Action.Sending.AUTOMATIC, RetryPolicy.STANDARD, LaneLimits.DEFAULT),
                new Action.Answers(List.of(), false),
                new Action.Trust(SecretUse.LITERAL_HOST, List.of(Action.Signature.CIO)));
    }

    /** The same with {@code escape: json}. */
    static Action escaped(Action of) {
        return new Action(
                of.id(),
                of.name(),
                new Action.Revision(of.version(), of.createdAtMillis(), of.updatedAtMillis()),
                new Action.Request(
                        of.method(), of.url(), of.headers(), of.body(), of.onMissing(), Action.Escaping.JSON, false),
                new Action.Rules(of.sending(), of.retry(), of.limits()),
                new Action.Answers(of.responseAttributes(), of.allowConversions()),
                new Action.Trust(SecretUse.LITERAL_HOST, of.signatures()));
    }

    static Action json(String body) {
        return action(
                "https://a.example/",
                List.of(new Header("Content-Type", "application/json")),
                body,
                Action.OnMissing.FAIL);
    }

    static Action text(String body) {
        return action(
                "https://a.example/", List.of(new Header("Content-Type", "text/plain")), body, Action.OnMissing.FAIL);
    }

    static Job job(String data) {
        return Job.of("job-1", "a", data.getBytes(UTF_8), new Job.Terms("key-1", false, Job.Results.FINAL, null), 0);
    }

    static Job job(boolean hostile) {
        JsonNode person = ALL.path(hostile ? "hostile_person" : "person");
        JsonNode event = ALL.path(hostile ? "hostile_event" : "event");
        return job("{\"customer\":" + person + ",\"event\":" + event + "}");
    }
}
