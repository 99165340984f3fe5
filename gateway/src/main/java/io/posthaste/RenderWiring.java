package io.posthaste;

import io.posthaste.config.ConfigException;
import io.posthaste.config.GatewayConfig;
import io.posthaste.liquid.Dialect;
import io.posthaste.liquid.Limits;
import io.posthaste.liquid.Liquid;
import io.posthaste.liquid.filter.Filter;
import io.posthaste.liquid.plugin.FilterPlugins;
import io.posthaste.render.AttributeRenderer;
import io.posthaste.render.RequestRenderer;
import io.posthaste.render.TemplateCache;
import io.posthaste.render.WebhookDialect;
import io.posthaste.store.Vault;
import java.util.Map;

/** The template language, and what renders requests and the attributes of answers with it. */
final class RenderWiring {
    private final Foundation on;
    private final Vault vault;
    private final Map<String, Filter> filters;
    private final Liquid liquid;

    RenderWiring(Foundation on, Vault vault) {
        this.on = on;
        this.vault = vault;
        this.filters = filters(on.config().render());
        this.liquid = liquid(WebhookDialect.with(filters));
    }

    /** The language of requests. */
    Liquid liquid() {
        return liquid;
    }

    RequestRenderer requests() {
        TemplateCache templates = templates(liquid);
        on.metrics().gauge("posthaste.templates", "Compiled templates at hand", templates, TemplateCache::size);
        int most = on.config().render().maxOutputBytes();
        return new RequestRenderer(templates, vault::secret, vault::snippet, on.clock(), most);
    }

    AttributeRenderer attributes() {
        TemplateCache templates = templates(liquid(WebhookDialect.ofAnswers(filters)));
        return new AttributeRenderer(templates, vault::snippet, on.clock());
    }

    private TemplateCache templates(Liquid language) {
        return new TemplateCache(language, on.config().render().cacheBytes());
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
