package io.posthaste.liquid;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.posthaste.liquid.parse.Limits;
import io.posthaste.liquid.template.RenderResult;
import io.posthaste.liquid.template.Scope;
import io.posthaste.liquid.value.JsonReader;
import io.posthaste.liquid.value.Utf8Buffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;

/** Engines as tests want them: a fixed clock, seeded chance, no deadline. */
final class Engines {
    static final Instant NOW = Instant.parse("2026-01-15T10:20:30Z");

    private Engines() {}

    static Liquid plain() {
        return with(Dialect.PLAIN, Limits.DEFAULT);
    }

    static Liquid with(Dialect dialect, Limits limits) {
        return new Liquid(dialect, limits, InstantSource.fixed(NOW), () -> 0, new Random(7));
    }

    /** Renders; missing variables are empty. */
    static RenderResult render(Liquid liquid, String source, String json, Utf8Buffer out) {
        return render(liquid, source, json, out, false);
    }

    static RenderResult render(Liquid liquid, String source, String json, Utf8Buffer out, boolean failOnMissing) {
        Compiled compiled = liquid.compile(source);
        Object[] data = JsonReader.read(json.getBytes(UTF_8), compiled.projection());
        return compiled.templates().get(0).render(Scope.of(data, failOnMissing), out);
    }

    static Utf8Buffer buffer() {
        return new Utf8Buffer(256, 1 << 20);
    }
}
