package io.posthaste.render;

import io.posthaste.action.SecretUse;
import io.posthaste.job.Job;
import io.posthaste.job.Secret;
import io.posthaste.liquid.parse.Escape;
import io.posthaste.liquid.template.Snippet;
import io.posthaste.liquid.value.JsonException;
import io.posthaste.liquid.value.JsonReader;
import io.posthaste.liquid.value.Members;
import io.posthaste.liquid.value.Nil;
import io.posthaste.liquid.value.RenderException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The names that the gateway itself fills in for one job: its delivery, secrets and snippets (M28, M46, M89). */
final class ProvidedNames implements Function<String, Object> {
    private final Job job;
    private final SecretUse use;
    private final LookUps lookUps;
    private final TemplateCache templates;
    private @Nullable Map<String, Secret> used;

    /** @param use what the job's action may do with secrets */
    ProvidedNames(Job job, SecretUse use, LookUps lookUps, TemplateCache templates) {
        this.job = job;
        this.use = use;
        this.lookUps = lookUps;
        this.templates = templates;
    }

    @Override
    public Object apply(String name) {
        return switch (name) {
            case "delivery_id" -> job.id();
            case "delivery" -> Map.of("id", job.id(), "idempotency_key", job.key());
            case "secrets" -> (Members) this::secret;
            case "snippets" -> (Members) this::snippet;
            default -> Nil.MISSING;
        };
    }

    private Object secret(String name) {
        if (use instanceof SecretUse.None) {
            // Said of every name, so that nobody learns which there are.
            throw new RenderException("an inline request may not use secrets: store the action, enqueue the job with an"
                    + " admin token, or set inline.secrets = true");
        }
        Secret secret = lookUps.secrets().apply(name);
        if (secret == null) {
            return Nil.MISSING;
        }
        used = used == null ? new HashMap<>() : used;
        used.put(name, secret);
        return secret.value();
    }

    /** Every secret that was asked for until now. */
    Collection<Secret> used() {
        return used == null ? List.of() : used.values();
    }

    private Object snippet(String name) {
        String source = lookUps.snippets().apply(name);
        if (source == null) {
            return Nil.MISSING;
        }
        List<?> list = list(source);
        if (list != null) {
            return list;
        }
        return switch (templates.get(List.of(source), Escape.NONE)) {
            case TemplateCache.Entry.Refused refused ->
                throw new RenderException("snippet " + name + ", " + refused.problem());
            case TemplateCache.Entry.Usable usable ->
                new Snippet(
                        usable.compiled().templates().get(0),
                        JsonReader.read(job.data(), usable.compiled().projection()));
        };
    }

    /** A snippet that is a JSON array is that list, and what looks like Liquid in it is text (B1). */
    private static @Nullable List<?> list(String source) {
        if (!source.stripLeading().startsWith("[")) {
            return null;
        }
        try {
            return JsonReader.read(source) instanceof List<?> list ? list : null;
        } catch (JsonException e) {
            return null; // Text that starts with a bracket.
        }
    }
}
