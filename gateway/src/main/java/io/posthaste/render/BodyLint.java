package io.posthaste.render;

import io.posthaste.action.Action;
import io.posthaste.liquid.Compiled;
import io.posthaste.liquid.Liquid;
import io.posthaste.liquid.parse.TemplateException;
import io.posthaste.liquid.template.RenderResult;
import io.posthaste.liquid.template.Scope;
import io.posthaste.liquid.value.JsonCursor;
import io.posthaste.liquid.value.JsonException;
import io.posthaste.liquid.value.JsonReader;
import io.posthaste.liquid.value.Members;
import io.posthaste.liquid.value.Nil;
import io.posthaste.liquid.value.Utf8Buffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether what an action calls JSON can become JSON: asked when it is saved, with made-up data (M31). Thread-safe. */
public final class BodyLint {
    /** A number reads as JSON wherever a value may stand, inside quotes and outside. */
    private static final Object VALUE = 1L;

    private final Liquid liquid;
    private final int maxBodyBytes;

    public BodyLint(Liquid liquid, int maxBodyBytes) {
        this.liquid = liquid;
        this.maxBodyBytes = maxBodyBytes;
    }

    /**
     * Where the body stops being JSON when every variable has a value: {@code line 3, column 7} of what is sent. Empty
     * when it does not, when it is not called JSON, and when only real data can tell.
     */
    public Optional<String> problem(Action action) {
        if (!RequestAssembly.isJson(action.headers())) {
            return Optional.empty();
        }
        try {
            return lint(liquid.compile(List.of(action.body()), RequestRenderer.escape(action)));
        } catch (TemplateException broken) {
            return Optional.empty(); // Said elsewhere, with its place.
        }
    }

    private Optional<String> lint(Compiled compiled) {
        Utf8Buffer body = new Utf8Buffer(1 << 10, 0);
        body.reset(maxBodyBytes, "bytes in body");
        Scope scope = new Scope(compiled.projection().sample(VALUE), BodyLint::provided, true);
        boolean rendered = compiled.templates().get(0).render(scope, body) instanceof RenderResult.Rendered;
        if (!rendered || body.length() == 0) {
            return Optional.empty();
        }
        try {
            JsonCursor.check(body.array(), body.length());
            return Optional.empty();
        } catch (JsonException e) {
            return Optional.of(JsonReader.place(body.array(), Math.min(e.offset(), body.length())));
        }
    }

    private static Object provided(String name) {
        return switch (name) {
            case "delivery_id" -> VALUE;
            case "delivery" -> Map.of("id", VALUE, "idempotency_key", VALUE);
            case "secrets" -> (Members) secret -> VALUE;
            default -> Nil.MISSING;
        };
    }
}
