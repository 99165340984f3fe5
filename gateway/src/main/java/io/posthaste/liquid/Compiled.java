package io.posthaste.liquid;

import io.posthaste.liquid.template.Template;
import io.posthaste.liquid.value.Projection;
import java.util.List;

/**
 * Templates that render against the same data, which are read once for all of them.
 *
 * @param projection what they read of the data
 * @param templates in the order of their sources
 */
public record Compiled(Projection projection, List<Template> templates) {}
