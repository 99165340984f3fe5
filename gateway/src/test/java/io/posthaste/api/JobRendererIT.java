package io.posthaste.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.action.Action;
import io.posthaste.api.port.JobRenderer;
import io.posthaste.job.HostPatterns;
import io.posthaste.job.Job;
import io.posthaste.job.Secret;
import io.posthaste.json.StrictJson;
import io.posthaste.liquid.Liquid;
import io.posthaste.liquid.parse.Limits;
import io.posthaste.redis.Shards;
import io.posthaste.render.LookUps;
import io.posthaste.render.Rendering;
import io.posthaste.render.RequestRenderer;
import io.posthaste.render.TemplateCache;
import io.posthaste.render.WebhookDialect;
import io.posthaste.store.action.ActionCodec;
import io.posthaste.store.person.PersonStore;
import io.posthaste.testing.ConnectedRedis;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

class JobRendererIT {
    private static final String WORKER = "a-render-worker";

    @AutoClose
    private final ConnectedRedis redis = new ConnectedRedis();

    @AutoClose("dispose")
    private final Scheduler workers = Schedulers.newSingle(WORKER, true);

    private final PersonStore people = new PersonStore(redis.connections.admin(), Shards.ONE);
    private final List<String> rendering = new CopyOnWriteArrayList<>();
    private final JobRenderer renderer = JobRenderer.of(requests(), people, workers);

    @ParameterizedTest
    @ValueSource(strings = {"{\"customer\":{\"id\":\"7\"}}", "{\"customer_id\":\"7\"}"})
    void templatesAreRenderedByWorkersWhereverThePersonComesFrom(String data) {
        people.put("7", "{}".getBytes(StandardCharsets.UTF_8)).block();

        Rendering rendered = renderer.render(action(), job(data)).block();

        assertThat(rendered).isInstanceOf(Rendering.Rendered.class);
        assertThat(rendering).isNotEmpty().allMatch(thread -> thread.startsWith(WORKER));
    }

    /** The look-up of a secret is a part of rendering that tells its thread. */
    private RequestRenderer requests() {
        Liquid liquid = new Liquid(
                WebhookDialect.with(Map.of()), Limits.DEFAULT, InstantSource.system(), System::nanoTime, new Random(1));
        return new RequestRenderer(
                new TemplateCache(liquid, 1 << 20),
                new LookUps(
                        name -> {
                            rendering.add(Thread.currentThread().getName());
                            return new Secret(name, "s3cret", HostPatterns.NONE);
                        },
                        snippet -> null,
                        url -> null),
                InstantSource.system(),
                1 << 20);
    }

    private static Action action() {
        String action =
                "{\"url\":\"https://h.example/\",\"body\":\"[{{ customer.id | to_json }}, {{ secrets.x | to_json }}]\"}";
        return new ActionCodec().read("a", new StrictJson().read(action)).valid();
    }

    private static Job job(String data) {
        return Job.of(
                "j", "a", data.getBytes(StandardCharsets.UTF_8), new Job.Terms("j", false, Job.Results.NONE, null), 0);
    }
}
