package io.posthaste;

import io.posthaste.config.ConfigException;
import io.posthaste.config.GatewayConfig;
import io.posthaste.liquid.Limits;
import io.posthaste.liquid.Liquid;
import io.posthaste.liquid.filter.Filter;
import io.posthaste.liquid.plugin.FilterPlugins;
import io.posthaste.render.RequestRenderer;
import io.posthaste.render.TemplateCache;
import io.posthaste.render.WebhookDialect;
import io.posthaste.store.Vault;
import java.util.Map;

/** The template language, and what renders requests with it. */
final class RenderWiring {
    private RenderWiring() {}

    static Liquid liquid(Foundation on) {
        GatewayConfig.Render render = on.config().render();
        Limits limits = Limits.DEFAULT.with(
                render.maxSourceBytes(), render.maxOutputBytes(), render.maxSteps(), render.deadline());
        return new Liquid(WebhookDialect.with(filters(render)), limits, on.clock(), System::nanoTime, on.random());
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

    static RequestRenderer renderer(Foundation on, Liquid liquid, Vault vault) {
        GatewayConfig.Render render = on.config().render();
        TemplateCache templates = new TemplateCache(liquid, render.cacheBytes());
        on.metrics().gauge("posthaste.templates", "Compiled templates at hand", templates, TemplateCache::size);
        return new RequestRenderer(templates, vault::secret, vault::snippet, on.clock(), render.maxOutputBytes());
    }
}
