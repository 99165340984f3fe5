package io.posthaste.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.posthaste.action.Action;
import io.posthaste.action.LaneLimits;
import io.posthaste.action.RetryPolicy;
import io.posthaste.action.SecretUse;
import io.posthaste.job.Header;
import io.posthaste.job.Job;
import io.posthaste.job.RenderedRequest;
import io.posthaste.job.SignedRequest;
import io.posthaste.liquid.Liquid;
import io.posthaste.liquid.parse.Limits;
import io.posthaste.render.LookUps;
import io.posthaste.render.Rendering;
import io.posthaste.render.RequestRenderer;
import io.posthaste.render.TemplateCache;
import io.posthaste.render.WebhookDialect;
import io.posthaste.sign.RequestSigner;
import io.posthaste.sign.SigningKey;
import io.posthaste.sign.SigningKeys;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does each sample recipe cost from a job's JSON to the rendered request, and to the signed one: the whole
 * computation of a delivery's hot path?
 *
 * <p>{@code scripts/bench RecipeBenchmark -prof gc}
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class RecipeBenchmark {
    @Param({"R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8", "R9", "R10", "R11", "R12", "R1h"})
    public String recipe = "";

    private final InstantSource clock = InstantSource.system();
    private final RequestRenderer renderer = new RequestRenderer(
            new TemplateCache(
                    new Liquid(WebhookDialect.with(Map.of()), Limits.DEFAULT, clock, System::nanoTime, new Random(1)),
                    1 << 20),
            new LookUps(name -> null, name -> null, url -> null),
            clock,
            1 << 20);
    private final SigningKeys keys = SigningKeys.only(SigningKey.of("k".repeat(64)));
    private final RequestSigner signer = new RequestSigner(() -> keys, clock, "X-CIO-");
    private Action action = action("", "", List.of(), "");
    private Job job = job(new byte[0]);

    /** Reads the recipe and makes sure that it renders. */
    @Setup
    public void prepare() throws IOException {
        JsonNode file = recipes();
        for (JsonNode sample : file.path("recipes")) {
            if (sample.path("id").asText().equals(recipe)) {
                boolean hostile = sample.path("hostile").asBoolean();
                ObjectNode data = new ObjectMapper().createObjectNode();
                data.set("customer", file.path(hostile ? "hostile_person" : "person"));
                data.set("event", file.path(hostile ? "hostile_event" : "event"));
                job = job(data.toString().getBytes(UTF_8));
                action = action(
                        sample.path("method").asText(),
                        sample.path("url").asText(),
                        headers(sample),
                        sample.path("body").asText());
            }
        }
        render();
    }

    @Benchmark
    public RenderedRequest render() {
        return switch (renderer.render(action, job)) {
            case Rendering.Rendered rendered -> rendered.request();
            case Rendering.Broken broken -> throw new IllegalStateException(broken.reason());
            case Rendering.Aborted aborted -> throw new IllegalStateException(aborted.reason());
            case Rendering.NeedsPerson needs -> throw new IllegalStateException("the customer is in the data");
        };
    }

    @Benchmark
    public SignedRequest renderAndSign() {
        return signer.sign(job.id(), job.key(), render(), action.signatures());
    }

    private static JsonNode recipes() throws IOException {
        try (InputStream in = Objects.requireNonNull(RecipeBenchmark.class.getResourceAsStream("/recipes.json"))) {
            return new ObjectMapper().readTree(in);
        }
    }

    private static List<Header> headers(JsonNode sample) {
        List<Header> headers = new ArrayList<>();
        sample.path("headers")
                .properties()
                .forEach(header -> headers.add(
                        new Header(header.getKey(), header.getValue().asText())));
        return headers;
    }

    private static Job job(byte[] data) {
        return Job.of("job-1", "lane", data, Job.Terms.of("job-1"), 1);
    }

    private static Action action(String method, String url, List<Header> headers, String body) {
        return new Action(
                "lane",
                "",
                new Action.Revision(1, Instant.EPOCH.toEpochMilli(), Instant.EPOCH.toEpochMilli()),
                new Action.Request(method, url, headers, body, Action.OnMissing.FAIL, Action.Escaping.NONE, false),
                new Action.Rules(Action.Sending.AUTOMATIC, RetryPolicy.STANDARD, LaneLimits.DEFAULT),
                new Action.Answers(List.of(), false),
                new Action.Trust(SecretUse.LITERAL_HOST, List.of(Action.Signature.CIO)));
    }
}
