package io.posthaste.boot;

import io.posthaste.config.ConfigException;
import io.posthaste.config.GatewayConfig;
import io.posthaste.liquid.Dialect;
import io.posthaste.liquid.Liquid;
import io.posthaste.liquid.filter.Filter;
import io.posthaste.liquid.parse.Limits;
import io.posthaste.liquid.plugin.FilterPlugins;
import io.posthaste.render.AttributeRenderer;
import io.posthaste.render.LookUps;
import io.posthaste.render.Reference;
import io.posthaste.render.RenderWatch;
import io.posthaste.render.RenderWorkers;
import io.posthaste.render.RequestRenderer;
import io.posthaste.render.TemplateCache;
import io.posthaste.render.WebhookDialect;
import io.posthaste.store.vault.Vault;
import java.util.Map;
import java.util.Set;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** The template language, what renders requests and the attributes of answers with it, and the threads that do. */
final class RenderWiring {
    private final Foundation on;
    private final Liquid liquid;
    private final RequestRenderer requests;
    private final RequestRenderer previews;
    private final AttributeRenderer attributes;
    private final RenderWorkers workers;
    private final Scheduler scheduler;
    private final RenderWatch watch = new RenderWatch();

    RenderWiring(Foundation on, Vault vault) {
        GatewayConfig.Render config = on.config().render();
        Map<String, Filter> filters = filters(config);
        this.on = on;
        this.liquid = liquid(WebhookDialect.with(filters));
        TemplateCache templates = templates(liquid);
        on.metrics().gauge("posthaste.templates", "Compiled templates at hand", templates, TemplateCache::size);
        Set<Integer> allowPorts = Set.copyOf(on.config().send().allowPorts());
        LookUps lookUps = new LookUps(vault::secret, vault::snippet, url -> SendWiring.hostOf(url, allowPorts));
        this.requests = new RequestRenderer(templates, lookUps, on.clock(), config.maxOutputBytes());
        // A cache of their own: templates that rest because of what they did with a secret would tell of it.
        this.previews = new RequestRenderer(templates(liquid), lookUps.masked(), on.clock(), config.maxOutputBytes());
        TemplateCache ofAnswers = templates(liquid(WebhookDialect.ofAnswers(filters)));
        this.attributes = new AttributeRenderer(ofAnswers, vault::snippet, on.clock());
        this.workers = on.lifecycle()
                .closing(
                        "render workers",
                        new RenderWorkers(
                                config.threads(),
                                queued(on.config()),
                                new RenderWorkers.Watching(watch, config.deadline(), on.clock())));
        on.metrics()
                .gauge(
                        "posthaste.render.stuck",
                        "Render threads that are stuck in a filter",
                        workers,
                        RenderWorkers::stuck);
        this.scheduler = Schedulers.fromExecutor(workers::execute);
    }

    /** Every slot may hold a lease that waits for a worker, never more: the loop claims by free slots. */
    private static int queued(GatewayConfig config) {
        return config.send().maxInFlight() + config.queue().batch();
    }

    /** The language of requests. */
    Liquid liquid() {
        return liquid;
    }

    /** What there is to write in it. */
    Reference language() {
        return Reference.of(liquid.filterNames());
    }

    RequestRenderer requests() {
        return requests;
    }

    /** Renders for those who only look: a placeholder stands for every secret. */
    RequestRenderer previews() {
        return previews;
    }

    AttributeRenderer attributes() {
        return attributes;
    }

    /** The threads that render. */
    RenderWorkers workers() {
        return workers;
    }

    /** The same for Reactor. */
    Scheduler scheduler() {
        return scheduler;
    }

    private TemplateCache templates(Liquid language) {
        return new TemplateCache(language, on.config().render().cacheBytes(), watch);
    }

    private Liquid liquid(Dialect dialect) {
        GatewayConfig.Render render = on.config().render();
        Limits limits = Limits.DEFAULT.with(
                render.maxSourceBytes(), render.maxOutputBytes(), render.maxSteps(), render.deadline());
        return new Liquid(dialect, limits, on.clock(), System::nanoTime, on.random());
    }

    private static Map<String, Filter> filters(GatewayConfig.Render render) {
        FilterPlugins.Loaded plugins = FilterPlugins.load(render.filters(), render.filterJars());
        if (!plugins.problems().isEmpty()) {
            throw new ConfigException(plugins.problems().stream()
                    .map(problem -> "render.filters: " + problem)
                    .toList());
        }
        return plugins.filters();
    }
}
